import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOpenAiRecognizer, type OpenAiRecognizerOptions } from '../../providers/openai-speech/recognizer.ts';
import { createOpenAiSynthesizer, type OpenAiSynthesizerOptions } from '../../providers/openai-speech/synthesizer.ts';
import type { RecognizerStream } from '../../providers/stt.ts';
import type { Utterable } from '../../providers/tts.ts';
import { HttpError, sendJson } from '../../sandbox/http.ts';
import { createOpenAiSpeechStandIn, type OpenAiSpeechStandIn } from '../../sandbox/openai-speech/server.ts';
import { linear16, samplesOfLinear16 } from '../../sandbox/speech/sound-formats.ts';
import { PHONE_VOICE, synthesizeWithWords } from '../../sandbox/voice/espeak.ts';
import { recognise } from '../../sandbox/voice/fingerprint.ts';
import { BotSpeechRegister, SpokenRegister } from '../../sandbox/voice/spoken.ts';
import { collect, listen, play, silence, SIXTEEN_KHZ } from './speech-listener.ts';
import { speechSuite, type ServiceTrouble } from './speech-suite.ts';

const spokenRegister = new SpokenRegister();
const botSpeech = new BotSpeechRegister();
const MODEL = 'Systran/faster-whisper-small';
const ORDER = 'It has not arrived yet.';
/** Twice as fast as a voice: the server still has time for an answer between two interims. */
const PACE = 2;
let standIn: OpenAiSpeechStandIn;
let server: Server;
let url: string;

beforeAll(async () => {
  standIn = createOpenAiSpeechStandIn({ spoken: spokenRegister, botSpeech, apiKey: 'secret' });
  server = createServer((req, res) => {
    standIn.handle(req, res).catch((error: unknown) => {
      if (error instanceof HttpError) sendJson(res, error.status, error.body);
      else res.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

beforeEach(() => {
  standIn.resetFaults();
  standIn.requests.transcriptions.length = 0;
  standIn.requests.speeches.length = 0;
  unreachable = false;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

let unreachable = false;
const address = (): string => (unreachable ? 'http://127.0.0.1:9' : url);
const recognizer = (change: Partial<OpenAiRecognizerOptions> = {}) =>
  createOpenAiRecognizer({ url: address(), apiKey: 'secret', model: MODEL, ...change });
const synthesizer = (change: Partial<OpenAiSynthesizerOptions> = {}) =>
  createOpenAiSynthesizer({ url: address(), apiKey: 'secret', model: 'tts-1', voices: {}, ...change });

speechSuite(() => ({
  recognizer: recognizer(),
  synthesizer: synthesizer(),
  spoken,
  recognised,
  playAsSaid,
  trouble: (kind) => {
    if (kind === 'unreachable') unreachable = true;
    else standIn.changeFaults(faultsFor(kind));
  },
}));

describe('recognition by a server that transcribes files', () => {
  test('[ST100] the form holds a WAV file, model, two-letter language, hints as prompt, and asks for the words without chance', async () => {
    const heard = listen(recognizer(), { language: 'en-GB', hints: ['Contoso', 'Petrova'] });
    play(heard.stream, Buffer.concat([await spoken(ORDER, 'en-US'), silence(600)]));
    await heard.until('final');
    expect(standIn.requests.transcriptions.at(-1)).toMatchObject({
      model: MODEL,
      language: 'en',
      prompt: 'Contoso, Petrova',
      responseFormat: 'verbose_json',
      temperature: '0',
    });
    heard.stream.abort();
  });

  test('[ST101] nothing is sent while nobody speaks', async () => {
    const heard = listen(recognizer());
    play(heard.stream, silence(10_000));
    heard.stream.halfClose();
    expect(await heard.until('closed')).toEqual({ type: 'closed', expected: true, error: null });
    expect(standIn.requests.transcriptions).toEqual([]);
    expect(heard.finals()).toEqual([]);
  });

  test('[ST102] sound from long before the speech is not sent with it, and no request holds more than the utterance', async () => {
    const heard = listen(recognizer());
    const sound = await spoken(ORDER, 'en-US');
    play(heard.stream, Buffer.concat([silence(20_000), sound, silence(2_000)]));
    await heard.until('final');
    const soundMs = sound.length / 32;
    for (const request of standIn.requests.transcriptions) expect(request.ms).toBeLessThan(soundMs + 700);
    heard.stream.abort();
  });

  test('[ST103] one request at a time; words asked for in the pause are the final, without another question', async () => {
    const heard = listen(recognizer());
    // Interims are asked for every 350 ms at this pace: each answer would be overtaken by the next question.
    standIn.changeFaults({ stt: { delayMs: 450 } });
    let most = 0;
    const sound = Buffer.concat([await spoken(ORDER, 'en-US'), silence(1_000)]);
    await playAsSaid(heard.stream, sound, () => (most = Math.max(most, standIn.open)));
    await heard.until('final');
    expect(heard.finals()).toEqual([ORDER]);
    expect(most).toBe(1);
    const whole = standIn.requests.transcriptions.at(-1)?.ms ?? 0;
    expect(standIn.requests.transcriptions.filter(({ ms }) => ms === whole)).toHaveLength(1);
    heard.stream.abort();
  });

  test('[ST103] the whole is told as a settled interim before the pause is over: the turn need not wait for its end', async () => {
    const heard = listen(recognizer());
    await playAsSaid(heard.stream, Buffer.concat([await spoken(ORDER, 'en-US'), silence(1_000)]));
    await heard.until('final');
    expect(heard.interims().at(-1)).toBe(ORDER);
    heard.stream.abort();
  });

  test('[ST104] without interims one question an utterance is enough', async () => {
    const heard = listen(recognizer({ interimEveryMs: 0 }));
    await playAsSaid(heard.stream, Buffer.concat([await spoken(ORDER, 'en-US'), silence(1_000)]));
    await heard.until('final');
    expect(heard.interims()).toEqual([]);
    expect(standIn.requests.transcriptions).toHaveLength(1);
    heard.stream.abort();
  });

  test.each([
    ['verbose_json with little doubt that nobody spoke', {}],
    ['a film’s subtitles from a server without figures', { plain: true, invents: ' Thanks for watching!' }],
    ['a stage direction', { plain: true, invents: ' [BLANK_AUDIO]' }],
  ])('[ST105] words that Whisper invents for a noise are none: %s', async (_, faults) => {
    standIn.changeFaults({ stt: faults });
    const heard = listen(recognizer());
    play(heard.stream, Buffer.concat([noise(1_000), silence(1_000)]));
    expect(await heard.until('final')).toMatchObject({ text: '' });
    expect(heard.interims()).toEqual([]);
    heard.stream.abort();
  });

  test('[ST105] the prompt given back is nobody’s words', async () => {
    standIn.changeFaults({ stt: { plain: true, invents: ' Contoso, Petrova.' } });
    const heard = listen(recognizer(), { hints: ['Contoso', 'Petrova'] });
    play(heard.stream, Buffer.concat([noise(1_000), silence(1_000)]));
    expect(await heard.until('final')).toMatchObject({ text: '' });
    heard.stream.abort();
  });

  test('[ST106] a server that only says the text is understood, its confidence unknown', async () => {
    standIn.changeFaults({ stt: { plain: true } });
    const heard = listen(recognizer({ responseFormat: 'json' }));
    play(heard.stream, Buffer.concat([await spoken(ORDER, 'en-US'), silence(1_000)]));
    expect(await heard.until('final')).toMatchObject({ text: ORDER, confidence: 0, language: 'en-US' });
    heard.stream.abort();
  });

  test('[ST107] a server that does not answer closes the stream as a timeout', async () => {
    standIn.changeFaults({ stt: { silent: true } });
    const heard = listen(recognizer({ answerTimeoutMs: 100 }));
    play(heard.stream, await spoken(ORDER, 'en-US'));
    expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind: 'timeout' } });
  });

  test('[ST108] a monologue is cut before it outgrows the window of the model, and no word is lost', async () => {
    const sentences = Array.from(
      { length: 9 },
      (_, i) => `This is sentence number ${String(i + 1)} of a very long story about my broken window`,
    );
    const sounds = await Promise.all(sentences.map((text) => spoken(text, 'en-US')));
    const heard = listen(recognizer({ interimEveryMs: 0 }));
    play(heard.stream, Buffer.concat(sounds.flatMap((sound) => [sound, silence(120)])));
    heard.stream.halfClose();
    expect(await heard.until('closed')).toMatchObject({ expected: true });
    expect(heard.finals().length).toBeGreaterThan(1);
    for (const { ms } of standIn.requests.transcriptions) expect(ms).toBeLessThan(29_000);
    const words = heard.finals().join(' ');
    for (let number = 1; number <= 9; number += 1) expect(words).toContain(`number ${String(number)} of`);
  });

  test('[ST109] an abort calls off what is being asked', async () => {
    standIn.changeFaults({ stt: { silent: true } });
    const heard = listen(recognizer());
    play(heard.stream, await spoken(ORDER, 'en-US'));
    await expect.poll(() => standIn.open).toBe(1);
    heard.stream.abort();
    await expect.poll(() => standIn.open).toBe(0);
  });
});

describe('synthesis by such a server', () => {
  const phrase: Utterable = {
    text: 'Good morning. How can I help you?',
    language: 'en-US',
    voice: null,
    speed: 1,
    sampleRateHz: SIXTEEN_KHZ,
  };
  const speak = (change: Partial<OpenAiSynthesizerOptions> = {}, utterable: Partial<Utterable> = {}) =>
    collect(synthesizer(change).synthesize({ ...phrase, ...utterable }, new AbortController().signal));

  test('[ST110] the voice is the one of the language, of its region first', async () => {
    const voices = { en: 'alloy', 'en-GB': 'en_GB-alba-medium', de: 'de_DE-thorsten-medium', '*': 'nova' };
    for (const language of ['en-GB', 'en-US', 'de-DE', 'ru-RU']) await speak({ voices }, { language });
    await speak({ voices }, { voice: 'echo' });
    expect(standIn.requests.speeches.map(({ voice }) => voice)).toEqual([
      'en_GB-alba-medium',
      'alloy',
      'de_DE-thorsten-medium',
      'nova',
      'echo',
    ]);
    expect(standIn.requests.speeches[0]).toMatchObject({
      model: 'tts-1',
      response_format: 'wav',
      speed: 1,
      input: phrase.text,
    });
  });

  test.each([
    ['wav', 16_000, true],
    ['wav', 22_050, true],
    ['wav', 44_100, true],
    ['pcm', 22_050, true],
    ['pcm', 24_000, false],
  ] as const)(
    '[ST111] %s at %i Hz comes out at the leg’s rate, as long and as clear',
    async (responseFormat, rate, tells) => {
      standIn.changeFaults({ tts: { sampleRateHz: rate, tellsRate: tells, chunkBytes: 1_501 } });
      const sound = Buffer.concat(await speak({ responseFormat }));
      const { pcm } = await synthesizeWithWords(phrase.text, { language: 'en-US' });
      expect(Math.abs(sound.length / 2 - pcm.length)).toBeLessThan(40);
      expect(recognised(sound)).toBe(phrase.text);
    },
  );

  test('[ST112] however the answer is cut, the sound is the same', async () => {
    const whole = Buffer.concat(await speak());
    standIn.changeFaults({ tts: { chunkBytes: 333 } });
    expect(Buffer.concat(await speak()).equals(whole)).toBe(true);
  });

  test('[ST113] an answer in another format is a fault of the server, not noise in the ear', async () => {
    standIn.changeFaults({ tts: { answersAs: 'audio/mpeg' } });
    await expect(speak()).rejects.toMatchObject({ kind: 'vendor_fault' });
  });

  test.each([
    [401, 'credentials'],
    [404, 'not_found'],
    [422, 'bad_request'],
    [429, 'rate_limit'],
    [500, 'vendor_fault'],
    [503, 'vendor_fault'],
  ])('[ST114] HTTP %i is %s, for the ears and for the voice', async (http, kind) => {
    standIn.changeFaults({ stt: { http }, tts: { http } });
    await expect(speak()).rejects.toMatchObject({ kind });
    const heard = listen(recognizer());
    play(heard.stream, await spoken(ORDER, 'en-US'));
    expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind } });
  });

  test('[ST114] the server’s wish for a pause is passed on, and its own words are told', async () => {
    standIn.changeFaults({ tts: { http: 429, retryAfterS: 7 } });
    await expect(speak()).rejects.toMatchObject({
      retryAfterMs: 7_000,
      message: expect.stringContaining('Too many') as string,
    });
    standIn.resetFaults();
    await expect(speak({ apiKey: 'wrong' })).rejects.toMatchObject({ kind: 'credentials' });
    await expect(speak({ voices: { en: 'nobody' } })).rejects.toMatchObject({ kind: 'bad_request' });
  });

  test('[ST115] silence is a timeout, also in mid-sentence; a slow listener is none', async () => {
    standIn.changeFaults({ tts: { silent: true } });
    await expect(speak({ idleTimeoutMs: 100 })).rejects.toMatchObject({ kind: 'timeout' });
    standIn.changeFaults({ tts: { silent: false, chunkBytes: 20_000, chunkDelayMs: 60_000 } });
    await expect(speak({ idleTimeoutMs: 100 })).rejects.toMatchObject({ kind: 'timeout' });
    standIn.resetFaults();
    let pieces = 0;
    const patient = synthesizer({ idleTimeoutMs: 1_000 });
    for await (const piece of patient.synthesize(phrase, new AbortController().signal)) {
      if (pieces === 0) await wait(1_200);
      pieces += piece.length > 0 ? 1 : 0;
    }
    expect(pieces).toBeGreaterThan(1);
  });

  test('[ST116] a server that breaks off has told what it had', async () => {
    standIn.changeFaults({ tts: { abortHalfway: true } });
    const pieces: Buffer[] = [];
    const speaking = (async () => {
      for await (const piece of synthesizer().synthesize(phrase, new AbortController().signal)) pieces.push(piece);
    })();
    await expect(speaking).rejects.toMatchObject({ kind: 'unreachable' });
    expect(Buffer.concat(pieces).length).toBeGreaterThan(10_000);
  });

  test('[ST117] an abort, or a listener who walks away, ends the request', async () => {
    standIn.changeFaults({ tts: { chunkBytes: 2_000, chunkDelayMs: 60_000 } });
    const abort = new AbortController();
    const speaking = (async () => {
      for await (const piece of synthesizer().synthesize(phrase, abort.signal)) if (piece.length > 0) abort.abort();
    })();
    await expect(speaking).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => standIn.open).toBe(0);
    for await (const piece of synthesizer().synthesize(phrase, new AbortController().signal))
      if (piece.length > 0) break;
    await expect.poll(() => standIn.open).toBe(0);
  });
});

async function spoken(text: string, language: string): Promise<Buffer> {
  const { pcm, words } = await synthesizeWithWords(text, { language, voice: PHONE_VOICE });
  spokenRegister.register({ text, language, pcm, words, saidAtMs: Date.now() });
  return linear16(pcm);
}

function recognised(sound: Buffer): string {
  return recognise(samplesOfLinear16(sound), botSpeech)
    .flatMap((heard) => (heard.kind === 'words' ? [heard.text] : []))
    .join(' ');
}

/** By the clock: a machine that was busy for a moment makes up for it, as a network would. */
async function playAsSaid(stream: RecognizerStream, sound: Buffer, look: () => void = () => undefined): Promise<void> {
  const startedAtMs = performance.now();
  const FRAME = 640;
  for (let at = 0; at < sound.length;) {
    const due = Math.ceil(((performance.now() - startedAtMs) * PACE) / 20) * FRAME;
    for (; at < Math.min(due, sound.length); at += FRAME) stream.write(sound.subarray(at, at + FRAME));
    look();
    await wait(10);
  }
}

function noise(ms: number): Buffer {
  const sound = Buffer.alloc(ms * 32);
  for (let i = 0; i < sound.length / 2; i += 1) sound.writeInt16LE(Math.round(6_000 * Math.sin(i * i * 1e-4)), i * 2);
  return sound;
}

function faultsFor(kind: ServiceTrouble): object {
  if (kind === 'silent') return { stt: { silent: true }, tts: { silent: true } };
  return { stt: { http: 429 }, tts: { http: 429 } };
}
