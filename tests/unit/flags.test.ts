import { describe, expect, test } from 'vitest';
import { defaultFlags, FLAG_NAMES, flagProblem, flagsFrom, FLAGS, type FlagName } from '../../domain/flags.ts';

describe('the shipped values', () => {
  test('[FF1] are those that users of call-center-ai know', () => {
    expect(defaultFlags()).toEqual({
      answer_hard_timeout_sec: 40,
      answer_soft_timeout_sec: 15,
      callback_timeout_hour: 3,
      early_thinking: true,
      phone_silence_timeout_sec: 20,
      recognition_retry_max: 3,
      recognition_stt_complete_timeout_ms: 100,
      recording_enabled: false,
      slow_llm_for_chat: false,
      vad_cutoff_timeout_ms: 250,
      vad_silence_timeout_ms: 500,
      vad_threshold: 0.5,
    });
  });

  test.each(FLAG_NAMES)('[FF1] %s ships with a value that it would take, and says what it is', (name) => {
    expect(flagProblem(name, FLAGS[name].default)).toBeNull();
    expect(FLAGS[name].what).not.toBe('');
  });
});

describe('stored values', () => {
  test('[FF2] win over the shipped ones, zero and false included', () => {
    const flags = flagsFrom({
      callback_timeout_hour: 0,
      answer_soft_timeout_sec: 0,
      vad_cutoff_timeout_ms: 0,
      recording_enabled: true,
    });
    expect(flags).toMatchObject({
      callback_timeout_hour: 0,
      answer_soft_timeout_sec: 0,
      vad_cutoff_timeout_ms: 0,
      recording_enabled: true,
    });
    expect(flagsFrom({ recording_enabled: false }).recording_enabled).toBe(false);
  });

  test('[FF3] that do not fit leave the shipped one in force, and the others as they are', () => {
    const flags = flagsFrom({
      vad_threshold: 7,
      recording_enabled: 'true',
      callback_timeout_hour: null,
      phone_silence_timeout_sec: 5,
    });
    expect(flags).toEqual({ ...defaultFlags(), phone_silence_timeout_sec: 5 });
  });

  test('[FF3] under names that are no flags are left out', () => {
    expect(flagsFrom({ some_old_flag: 1 })).toEqual(defaultFlags());
  });
});

describe('a value', () => {
  const refused: [FlagName, unknown, string][] = [
    ['recording_enabled', 1, 'must be true or false'],
    ['recording_enabled', 'false', 'must be true or false'],
    ['recording_enabled', null, 'must be true or false'],
    ['vad_threshold', '0.5', 'must be a number'],
    ['vad_threshold', Number.NaN, 'must be a number'],
    ['callback_timeout_hour', Number.POSITIVE_INFINITY, 'must be a number'],
    ['vad_threshold', 0.09, 'must be at least 0.1'],
    ['vad_threshold', 1.01, 'must be at most 1'],
    ['callback_timeout_hour', -1, 'must be at least 0'],
    ['recognition_retry_max', 0, 'must be at least 1'],
    ['recognition_retry_max', 2.5, 'must be a whole number'],
    ['vad_silence_timeout_ms', 5_001, 'must be at most 5000'],
  ];
  test.each(refused)('[FF3] %s does not take %j: it %s', (name, value, problem) => {
    expect(flagProblem(name, value)).toBe(`${name} ${problem}`);
  });

  const taken: [FlagName, unknown][] = [
    ['recording_enabled', false],
    ['slow_llm_for_chat', true],
    ['callback_timeout_hour', 0],
    ['callback_timeout_hour', 0.5],
    ['vad_threshold', 0.1],
    ['vad_threshold', 1],
    ['recognition_retry_max', 10],
  ];
  test.each(taken)('[FF3] %s takes %j', (name, value) => {
    expect(flagProblem(name, value)).toBeNull();
  });
});
