import { beforeAll, expect, test } from 'vitest';
import { PHONE_VOICE, synthesizeWithWords } from '../../../sandbox/voice/espeak.ts';
import { bestMatch, recognise, SpeechTracker } from '../../../sandbox/voice/fingerprint.ts';
import { SpokenRegister } from '../../../sandbox/voice/spoken.ts';

const english = [
  'Yes.',
  'No.',
  'Yes, please.',
  'Hello.',
  'Hello, my name is Anna Petrova.',
  'My name is John Smith.',
  'I would like to cancel my order, please.',
  'Could you say that again?',
  'My e-mail is anna dot petrova at example dot com.',
  'I had an accident on the motorway this morning.',
  'Tomorrow at ten in the morning.',
  'Call me back on Thursday at ten.',
  'I want to speak to a real person.',
  'The address is twelve Baker Street, London.',
  'My number is zero seven seven zero zero nine zero zero one two three.',
  'Wait, wait, stop.',
  'Never call me again.',
  'What is the balance of my account?',
  'My router does not work since yesterday.',
  'That is correct.',
  'No, that is wrong.',
  'Thank you, goodbye.',
  'Mhm.',
  'One moment please, I have to look for the letter.',
];
const russian = [
  'Да.',
  'Здравствуйте, меня зовут Анна Петрова.',
  'Соедините меня с оператором.',
  'Я хочу подать жалобу на вашу службу доставки.',
  'Перезвоните мне завтра в десять утра.',
  'Спасибо, до свидания.',
];
const phrases = [
  ...english.map((text) => ({ text, language: 'en-US' })),
  ...russian.map((text) => ({ text, language: 'ru-RU' })),
];
const register = new SpokenRegister();

beforeAll(async () => {
  for (const [i, { text, language }] of phrases.entries()) {
    const { pcm, words } = await synthesizeWithWords(text, { language, voice: PHONE_VOICE });
    register.register({ text, language, pcm, words, saidAtMs: i });
  }
});

test.each(phrases)('[SB1] "$text" is known by its sound at any onset', ({ text }) => {
  const pcm = soundOf(text);
  for (const leadSamples of [0, 37, 160, 241, 3_333]) {
    const found = bestMatch(join(new Int16Array(leadSamples), pcm, new Int16Array(4_000)), register);
    expect(found?.entry.text, `${leadSamples} samples of silence before`).toBe(text);
    expect(found?.text).toBe(text);
    expect(found?.fraction).toBeGreaterThan(0.8);
  }
});

test.each(phrases)('[SB1] "$text" is known through light noise', ({ text }) => {
  const pcm = soundOf(text);
  const sound = join(new Int16Array(1_234), pcm, new Int16Array(4_000));
  // Each rendering hisses otherwise, and so does each noise.
  for (const seed of [42, 7, 1_001, 31_337])
    expect(bestMatch(noisy(sound, 60, seed), register)?.entry.text, `noise ${String(seed)}`).toBe(text);
});

test('[SB2] a phrase cut short gives the words that were heard', () => {
  const text = 'I had an accident on the motorway this morning.';
  const pcm = soundOf(text);
  const found = bestMatch(join(new Int16Array(500), pcm.slice(0, pcm.length / 2), new Int16Array(8_000)), register);
  expect(found?.entry.text).toBe(text);
  expect(found?.text).toMatch(/^I had an accident/u);
  expect(found?.text).not.toContain('morning');
  expect(found?.fraction).toBeLessThan(0.65);
});

test('[SB2] a phrase that is joined in the middle gives its later words', () => {
  const text = 'I had an accident on the motorway this morning.';
  const pcm = soundOf(text);
  const found = bestMatch(join(pcm.slice(pcm.length / 2), new Int16Array(4_000)), register);
  expect(found?.entry.text).toBe(text);
  expect(found?.text).toMatch(/this morning\.$/u);
  expect(found?.text).not.toContain('accident');
});

test('[SB1] two phrases with hardly a breath between them are both heard, in order', () => {
  const sound = join(
    soundOf('Hello.'),
    new Int16Array(800),
    soundOf('My name is John Smith.'),
    new Int16Array(800),
    soundOf('Да.'),
    new Int16Array(4_000),
  );
  expect(recognise(sound, register).map((heard) => (heard.kind === 'words' ? heard.text : '?'))).toEqual([
    'Hello.',
    'My name is John Smith.',
    'Да.',
  ]);
});

test('[SB1] words grow while the sound comes in', () => {
  const tracker = new SpeechTracker(register);
  const seen = new Set<string>();
  const pcm = join(soundOf('I would like to cancel my order, please.'), new Int16Array(8_000));
  for (let at = 0; at < pcm.length; at += 320) {
    tracker.hear(pcm.slice(at, at + 320));
    for (const heard of tracker.heard()) if (heard.kind === 'words') seen.add(heard.text);
  }
  expect(seen.size).toBeGreaterThan(4);
  expect([...seen].at(-1)).toBe('I would like to cancel my order, please.');
  expect(tracker.heard().at(-1)).toMatchObject({ over: true });
});

test('[SB4] sound that came through untouched is known from its first whole frame', () => {
  const tracker = new SpeechTracker(register);
  const pcm = soundOf('I would like to cancel my order, please.');
  const loud = (at: number): boolean => pcm.subarray(at, at + 320).every((sample) => sample !== 0);
  let at = 0;
  while (!loud(at)) at += 320;
  tracker.hear(pcm.slice(0, at + 640));
  expect(tracker.heard().at(-1)).toMatchObject({
    kind: 'words',
    entry: { text: expect.stringMatching(/^I would like to/u) },
  });
});

test('[SB4] and only as what it is: phrases that begin with the same samples part where they differ', () => {
  const spoken = new SpokenRegister();
  const [begin, one, other] = [soundOf('Hello.'), soundOf('My name is John Smith.'), soundOf('Thank you, goodbye.')];
  // Whole frames, as a phone sends them.
  const framed = (pcm: Int16Array): Int16Array => join(pcm, new Int16Array((320 - (pcm.length % 320)) % 320));
  const first = join(framed(begin), framed(one));
  const second = join(framed(begin), framed(other));
  for (const [text, pcm] of [
    ['Hello.', framed(begin)],
    ['Hello one', first],
    ['Hello other', second],
  ] as const)
    spoken.register({ text, language: 'en-US', pcm, saidAtMs: 0 });
  const quiet = new Int16Array(8_000);
  for (const [pcm, text] of [
    [first, 'Hello one'],
    [second, 'Hello other'],
    [framed(begin), 'Hello.'],
  ] as const) {
    const heard = recognise(join(pcm, quiet), spoken);
    expect(heard.map((part) => (part.kind === 'words' ? part.text : '?'))).toEqual([text]);
    expect(heard[0]).toMatchObject({ score: 1 });
  }
});

test.each([
  'The weather in Lisbon is lovely in spring.',
  'Please transfer four hundred euros.',
  'Quarterly earnings were disappointing.',
])('[SB3] "%s", never given out, is a sound without words', async (text) => {
  const { pcm } = await synthesizeWithWords(text, { language: 'en-US', voice: 'm3' });
  expect(recognise(pcm, register).filter((heard) => heard.kind === 'words')).toEqual([]);
  expect(recognise(pcm, register).some((heard) => heard.kind === 'sound')).toBe(true);
});

test('[SB3] the same words in another voice are not taken for the registered sound as a whole', async () => {
  const { pcm } = await synthesizeWithWords('Could you say that again?', { language: 'en-US', voice: 'm3', rate: 1.3 });
  expect(bestMatch(pcm, register)?.fraction ?? 0).toBeLessThan(0.5);
});

test('[SB3] noise and silence have no words', () => {
  expect(recognise(new Int16Array(32_000), register)).toEqual([]);
  expect(recognise(noisy(new Int16Array(32_000), 900), register).filter((heard) => heard.kind === 'words')).toEqual([]);
});

function soundOf(text: string): Int16Array {
  const entry = register.all().find((one) => one.text === text);
  if (entry === undefined) throw new Error(`not registered: ${text}`);
  return entry.pcm;
}

function join(...parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Uniform noise from a fixed linear congruential sequence, so that a failure can be had again. */
function noisy(pcm: Int16Array, amplitude: number, seed = 42): Int16Array {
  let state = seed;
  return pcm.map((sample) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.max(-32_768, Math.min(32_767, sample + Math.round((state / 2 ** 31 - 1) * amplitude)));
  });
}
