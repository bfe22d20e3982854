import { describe, expect, test } from 'vitest';
import { UtteranceRecogniser, type Recognised } from '../../../sandbox/speech/utterances.ts';
import { PHONE_VOICE, synthesizeWithWords } from '../../../sandbox/voice/espeak.ts';
import { SpokenRegister } from '../../../sandbox/voice/spoken.ts';

const FRAME_SAMPLES = 320;

test('[SB50] the words of a phrase are those that were written, numbers and joined words included', async () => {
  for (const text of [
    'Call me at 427-1, it costs 25 dollars.',
    'The end of the month.',
    'Звоните 8 800 555-35-35 до 18:00!',
    'a@b.com',
  ]) {
    const { words, pcm } = await synthesizeWithWords(text, {
      language: text.startsWith('З') ? 'ru-RU' : 'en-US',
      voice: PHONE_VOICE,
    });
    expect(words.map((word) => word.text).join(' ')).toBe(text);
    for (const [i, word] of words.entries()) {
      expect(word.endMs).toBeGreaterThan(word.startMs);
      if (i > 0) expect(word.startMs).toBe(words[i - 1]?.endMs);
    }
    expect(words.at(-1)?.endMs).toBeCloseTo(pcm.length / 16, 3);
  }
});

describe('what the stand-in recogniser tells, and when', () => {
  test('[SB51] begin, growing interims, one settled after a tenth of a second, the end, the final: each at its place in the audio', async () => {
    const register = new SpokenRegister();
    const phrase = await say(register, 'I would like to change my address.');
    const told = hear(register, [silence(1_000), phrase, silence(1_000)]);

    expect(told.map((one) => one.type).filter((type, i, all) => type !== all[i - 1])).toEqual([
      'began',
      'interim',
      'ended',
      'final',
    ]);
    const quietFromMs = lastLoudMs(phrase) + 1_000;
    const settled = told.findLast((one) => one.type === 'interim');
    expect(settled).toMatchObject({ text: 'I would like to change my address.', stability: 0.9 });
    expect(settled?.atMs).toBeGreaterThanOrEqual(quietFromMs + 80);
    expect(settled?.atMs).toBeLessThanOrEqual(quietFromMs + 160);
    expect(told.find((one) => one.type === 'ended')?.atMs).toBeCloseTo(quietFromMs + 400, -2);
    expect(told.find((one) => one.type === 'final')).toMatchObject({
      text: 'I would like to change my address.',
      language: 'en-US',
    });
    expect(told.find((one) => one.type === 'final')?.atMs).toBeCloseTo(quietFromMs + 560, -2);
  });

  test('[SB64] the final is made after as much silence as was ordered', async () => {
    const register = new SpokenRegister();
    const phrase = await say(register, 'I would like to change my address.');
    const quietFromMs = lastLoudMs(phrase);
    for (const finalAfterQuietMs of [200, 400, 900]) {
      const told = hear(register, [phrase, silence(1_500)], finalAfterQuietMs);
      expect(told.find((one) => one.type === 'final')?.atMs).toBeCloseTo(quietFromMs + finalAfterQuietMs, -2);
    }
  });

  test('[SB52] an interim holds no word that has not been heard, and comes at most every 200 ms', async () => {
    const register = new SpokenRegister();
    const text = 'I would like to change my address before the end of the month.';
    const speech = await synthesizeWithWords(text, { language: 'en-US', voice: PHONE_VOICE });
    register.register({ text, language: 'en-US', pcm: speech.pcm, words: speech.words, saidAtMs: 0 });
    const growing = hear(register, [speech.pcm]).filter((one) => one.type === 'interim');

    expect(growing.length).toBeGreaterThan(5);
    for (const interim of growing) {
      const last = speech.words[interim.text.split(' ').length - 1];
      expect(last?.startMs).toBeLessThan(interim.atMs);
    }
    for (const [i, interim] of growing.entries())
      if (i > 0) expect(interim.atMs - (growing[i - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(200);
  });

  test('[SB53] of phrases that begin alike the one that is said is told', async () => {
    const register = new SpokenRegister();
    const texts = [
      'I want to cancel my order.',
      'I want to cancel my subscription today.',
      'I want to talk to somebody.',
      'I want to.',
    ];
    const sounds = [];
    for (const text of texts) sounds.push(await say(register, text));
    for (const [i, sound] of sounds.entries())
      expect(finals(hear(register, [sound, silence(800)]))).toEqual([texts[i]]);
  });

  test('[SB54] a phrase broken off is told as far as it was said', async () => {
    const register = new SpokenRegister();
    const phrase = await say(register, 'I would like to change my address before the end of the month.');
    const [final = ''] = finals(hear(register, [phrase.subarray(0, Math.round(phrase.length / 2)), silence(800)]));
    expect('I would like to change my address before the end of the month.'.startsWith(final)).toBe(true);
    expect(final.split(' ').length).toBeGreaterThan(3);
    expect(final.split(' ').length).toBeLessThan(11);
  });

  test('[SB55] a long pause in a phrase makes two utterances; no word is told twice and none is lost', async () => {
    const register = new SpokenRegister();
    const before = (await synthesizeWithWords('My number is', { language: 'en-US', voice: PHONE_VOICE })).pcm;
    const after = (await synthesizeWithWords('four two seven one.', { language: 'en-US', voice: PHONE_VOICE })).pcm;
    const whole = joined([before, silence(900), after]);
    const words = [
      ...spread(['My', 'number', 'is'], 0, before.length / 16),
      ...spread(['four', 'two', 'seven', 'one.'], before.length / 16 + 900, whole.length / 16),
    ];
    register.register({ text: 'My number is four two seven one.', language: 'en-US', pcm: whole, words, saidAtMs: 0 });

    expect(finals(hear(register, [whole, silence(800)]))).toEqual(['My number is', 'four two seven one.']);
  });

  test('[SB56] phrases of several languages one after another keep their languages', async () => {
    const register = new SpokenRegister();
    const russian = await say(register, 'Соедините меня с оператором.', 'ru-RU');
    const german = await say(register, 'Ich möchte einen Schaden melden.', 'de-DE');
    const told = hear(register, [russian, silence(700), german, silence(700)]).filter((one) => one.type === 'final');
    expect(told.map((one) => [one.language, one.text])).toEqual([
      ['ru-RU', 'Соедините меня с оператором.'],
      ['de-DE', 'Ich möchte einen Schaden melden.'],
    ]);
  });

  test('[SB57] short answers are told', async () => {
    const register = new SpokenRegister();
    const sounds = { 'Yes.': 'en-US', 'No.': 'en-US', 'Да.': 'ru-RU', 'Нет.': 'ru-RU' };
    for (const [text, language] of Object.entries(sounds)) {
      const sound = await say(register, text, language);
      expect(finals(hear(register, [silence(500), sound, silence(800)]))).toEqual([text]);
    }
  });

  test('[SB58] sound that nobody was given is an empty final, a click is nothing at all', () => {
    const register = new SpokenRegister();
    const hum = Int16Array.from({ length: 16_000 }, (_, i) => 5_000 * Math.sin(i / 7));
    expect(finals(hear(register, [hum, silence(800)]))).toEqual(['']);
    const click = hum.subarray(0, 320);
    expect(hear(register, [silence(200), click, silence(800)])).toEqual([]);
  });
});

function hear(register: SpokenRegister, sounds: Int16Array[], finalAfterQuietMs = 560): Recognised[] {
  const recogniser = new UtteranceRecogniser(register, { interimEveryMs: 200, finalAfterQuietMs });
  const all = joined(sounds);
  const told: Recognised[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= all.length; at += FRAME_SAMPLES)
    told.push(...recogniser.hear(all.subarray(at, at + FRAME_SAMPLES)));
  return [...told, ...recogniser.finish()];
}

async function say(register: SpokenRegister, text: string, language = 'en-US'): Promise<Int16Array> {
  const { pcm, words } = await synthesizeWithWords(text, { language, voice: PHONE_VOICE });
  register.register({ text, language, pcm, words, saidAtMs: 0 });
  return pcm;
}

function finals(told: Recognised[]): string[] {
  return told.flatMap((one) => (one.type === 'final' ? [one.text] : []));
}

function silence(ms: number): Int16Array {
  return new Int16Array(ms * 16);
}

function joined(sounds: Int16Array[]): Int16Array {
  return Int16Array.from(sounds.flatMap((sound) => [...sound]));
}

function spread(words: string[], fromMs: number, toMs: number) {
  const eachMs = (toMs - fromMs) / words.length;
  return words.map((text, i) => ({ text, startMs: fromMs + i * eachMs, endMs: fromMs + (i + 1) * eachMs }));
}

/** Where the sound was last loud enough to be voice, by frames of 20 ms. */
function lastLoudMs(sound: Int16Array): number {
  let last = 0;
  for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
    const power =
      sound.subarray(at, at + FRAME_SAMPLES).reduce((sum, sample) => sum + sample * sample, 0) / FRAME_SAMPLES;
    if (Math.sqrt(power) >= 250) last = at + FRAME_SAMPLES;
  }
  return last / 16;
}
