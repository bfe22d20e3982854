import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGoogleRecognizer, type ClosableRecognizer } from '../../providers/google/recognizer.ts';
import { createGoogleSynthesizer, type ClosableSynthesizer } from '../../providers/google/synthesizer.ts';
import type { Utterable } from '../../providers/tts.ts';
import { createSpeechStandIn, type SpeechStandIn } from '../../sandbox/speech/server.ts';
import { linear16, samplesOfLinear16 } from '../../sandbox/speech/sound-formats.ts';
import { PHONE_VOICE, synthesizeWithWords } from '../../sandbox/voice/espeak.ts';
import { recognise } from '../../sandbox/voice/fingerprint.ts';
import { BotSpeechRegister, SpokenRegister } from '../../sandbox/voice/spoken.ts';
import { collect, listen, play, silence } from './speech-listener.ts';
import { speechSuite, type ServiceTrouble } from './speech-suite.ts';

const spokenRegister = new SpokenRegister();
const botSpeech = new BotSpeechRegister();
let standIn: SpeechStandIn;
let recognizer: ClosableRecognizer;
let synthesizer: ClosableSynthesizer;

beforeAll(async () => {
  standIn = await createSpeechStandIn({ spoken: spokenRegister, botSpeech, port: 0 });
  const url = `http://127.0.0.1:${standIn.port}`;
  recognizer = createGoogleRecognizer({ speechUrl: url });
  synthesizer = createGoogleSynthesizer({ ttsUrl: url, idleTimeoutMs: 2_000 });
});

beforeEach(() => {
  standIn.resetFaults();
});

afterAll(async () => {
  await recognizer.close();
  await synthesizer.close();
  await standIn.close();
});

speechSuite(() => ({
  recognizer,
  synthesizer,
  spoken,
  recognised: (sound) =>
    recognise(samplesOfLinear16(sound), botSpeech)
      .flatMap((heard) => (heard.kind === 'words' ? [heard.text] : []))
      .join(' '),
  trouble: (kind) => standIn.changeFaults(faultsFor(kind)),
}));

describe('Google recognition', () => {
  test('[ST9] the limit of 305 seconds closes the stream as expected, without an error', async () => {
    standIn.changeFaults({ stt: { streamLimitMs: 3_000 } });
    const heard = listen(recognizer);
    play(heard.stream, Buffer.concat([await spoken('It has not arrived yet.', 'en-US'), silence(3_000)]));

    expect(await heard.until('closed')).toEqual({ type: 'closed', expected: true, error: null });
    expect(heard.finals()).toEqual(['It has not arrived yet.']);
  });

  test('[ST10] a stream to which no audio comes is closed as expected, without an error', async () => {
    standIn.changeFaults({ stt: { noAudioLimitMs: 50 } });
    const heard = listen(recognizer);
    expect(await heard.until('closed')).toEqual({ type: 'closed', expected: true, error: null });
  });

  test('[ST11] a stream broken off in mid-speech is closed unexpectedly; the next one is heard', async () => {
    standIn.changeFaults({ stt: { closeAfterBytes: 20_000, closeCode: 13, failingStreams: 1 } });
    const sound = await spoken('It has not arrived yet.', 'en-US');
    const broken = listen(recognizer);
    play(broken.stream, sound);
    expect(await broken.until('closed')).toMatchObject({ expected: false, error: { kind: 'vendor_fault' } });

    const next = listen(recognizer);
    play(next.stream, sound);
    next.stream.halfClose();
    await next.until('closed');
    expect(next.finals()).toEqual(['It has not arrived yet.']);
  });

  test('[ST12] without interims the final still comes', async () => {
    standIn.changeFaults({ stt: { interims: 'none', finalDelayMs: 300 } });
    const heard = listen(recognizer);
    play(heard.stream, Buffer.concat([await spoken('It has not arrived yet.', 'en-US'), silence(1_000)]));
    await heard.until('final');
    expect(heard.interims()).toEqual([]);
    heard.stream.abort();
  });

  test('[ST13] a service that never ends a half-closed stream does not hold it open for ever', async () => {
    standIn.changeFaults({ stt: { silent: true } });
    const impatient = createGoogleRecognizer({ speechUrl: `http://127.0.0.1:${standIn.port}`, closeTimeoutMs: 100 });
    const heard = listen(impatient);
    play(heard.stream, silence(500));
    heard.stream.halfClose();
    expect(await heard.until('closed')).toMatchObject({ expected: true, error: { kind: 'timeout' } });
    await impatient.close();
  });

  test('[ST14] languages are understood in any spelling of their case, and without a region', async () => {
    for (const language of ['ru-ru', 'RU', 'ru_RU', 'ru-RU']) {
      const heard = listen(recognizer, { language });
      play(heard.stream, await spoken('Соедините меня с оператором.', 'ru-RU'));
      heard.stream.halfClose();
      await heard.until('closed');
      expect(heard.events).toContainEqual(expect.objectContaining({ type: 'final', language: 'ru-RU' }));
    }
  });

  test('[ST15] what the service refuses is a bad request', async () => {
    const heard = listen(recognizer, { sampleRateHz: 4_000 });
    play(heard.stream, silence(200));
    expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind: 'bad_request' } });
  });

  test('[ST16] a telephone leg at 8 kHz is heard too', async () => {
    const wide = samplesOfLinear16(await spoken('Good morning, this is about my order.', 'en-US'));
    const narrow = linear16(wide.filter((_, i) => i % 2 === 0));
    const heard = listen(recognizer, { sampleRateHz: 8_000, hints: ['order', 'x'.repeat(200)] });
    play(heard.stream, Buffer.concat([narrow, silence(1_000, 8_000)]), 320);
    expect(await heard.until('final')).toMatchObject({ text: 'Good morning, this is about my order.' });
    heard.stream.abort();
  });

  test('[ST17] an aborted stream is gone at the service too', async () => {
    const heard = listen(recognizer);
    play(heard.stream, await spoken('It has not arrived yet.', 'en-US'));
    await heard.until('speech_began');
    heard.stream.abort();
    await expect.poll(() => standIn.open.recognitions).toBe(0);
  });

  test('[ST18] nobody at the address: closed unexpectedly as unreachable', async () => {
    const nobody = createGoogleRecognizer({ speechUrl: 'http://127.0.0.1:9' });
    const heard = listen(nobody);
    play(heard.stream, silence(200));
    expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind: 'unreachable' } });
    await nobody.close();
  });

  test('[ST19] credentials that are not there: closed unexpectedly, and the process lives', async () => {
    const unknown = createGoogleRecognizer({ projectId: 'p', credentialsFile: '/nowhere/credentials.json' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const heard = listen(unknown);
      expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind: 'credentials' } });
    }
    await unknown.close();
  });
});

describe('Google synthesis', () => {
  const phrase: Utterable = {
    text: 'Good morning. How can I help you?',
    language: 'en-US',
    voice: null,
    speed: 1,
    sampleRateHz: 16_000,
  };
  const speak = (change: Partial<Utterable> = {}) =>
    collect(synthesizer.synthesize({ ...phrase, ...change }, new AbortController().signal));

  test('[ST26] a voice that cannot be streamed speaks in one piece', async () => {
    const pieces = await speak({ voice: 'en-US-Standard-B' });
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.subarray(0, 4).toString('latin1')).not.toBe('RIFF');
  });

  test('[ST27] a service that does not stream is asked for the whole, from then on at once', async () => {
    standIn.changeFaults({ tts: { noStreaming: true } });
    const modest = createGoogleSynthesizer({ ttsUrl: `http://127.0.0.1:${standIn.port}` });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await collect(modest.synthesize(phrase, new AbortController().signal))).toHaveLength(1);
      standIn.resetFaults();
    }
    await modest.close();
  });

  test('[ST28] an abort cancels the stream at the service', async () => {
    standIn.changeFaults({ tts: { chunkDelayMs: 60_000 } });
    const abort = new AbortController();
    const speaking = (async () => {
      for await (const piece of synthesizer.synthesize(phrase, abort.signal)) if (piece.length > 0) abort.abort();
    })();
    await expect(speaking).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => standIn.open.syntheses).toBe(0);
  });

  test('[ST29] a listener who walks away cancels the stream as well', async () => {
    standIn.changeFaults({ tts: { chunkDelayMs: 60_000 } });
    for await (const piece of synthesizer.synthesize(phrase, new AbortController().signal)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => standIn.open.syntheses).toBe(0);
  });

  test('[ST30] a service that falls silent is a timeout; one that breaks off has told what it had', async () => {
    standIn.changeFaults({ tts: { silent: true } });
    const impatient = createGoogleSynthesizer({ ttsUrl: `http://127.0.0.1:${standIn.port}`, idleTimeoutMs: 100 });
    await expect(collect(impatient.synthesize(phrase, new AbortController().signal))).rejects.toMatchObject({
      kind: 'timeout',
    });
    await expect(
      collect(impatient.synthesize({ ...phrase, voice: 'en-US-Standard-A' }, new AbortController().signal)),
    ).rejects.toMatchObject({ kind: 'timeout' });
    await impatient.close();

    standIn.resetFaults();
    standIn.changeFaults({ tts: { abortHalfway: true } });
    const pieces: Buffer[] = [];
    const speaking = (async () => {
      for await (const piece of synthesizer.synthesize(phrase, new AbortController().signal)) pieces.push(piece);
    })();
    await expect(speaking).rejects.toMatchObject({ kind: 'vendor_fault' });
    expect(pieces.length).toBeGreaterThan(0);
  });

  test('[ST31] a voice nobody has is a bad request, not a fallback', async () => {
    await expect(speak({ voice: 'en-US-Chirp3-HD-Nobody' })).rejects.toMatchObject({ kind: 'bad_request' });
    await expect(speak({ voice: 'en-US-Chirp3-HD-Nobody' })).rejects.toMatchObject({ kind: 'bad_request' });
    expect((await speak()).length).toBeGreaterThan(1);
  });

  test('[ST32] every language of the phones has a voice', async () => {
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'uk', 'tr']) {
      expect((await speak({ text: 'A, e, i.', language })).length).toBeGreaterThan(0);
    }
  });

  test('[ST33] a text longer than one request may hold is said whole', async () => {
    // The stand-in speaks such a text in one go, which takes it seconds on a busy machine.
    const patient = createGoogleSynthesizer({ ttsUrl: `http://127.0.0.1:${standIn.port}`, idleTimeoutMs: 25_000 });
    const sentence = 'Это предложение довольно длинное, чтобы их не понадобилось слишком много. ';
    const bytesOf = async (text: string): Promise<number> => {
      const utterable = { ...phrase, text, language: 'ru-RU' };
      return Buffer.concat(await collect(patient.synthesize(utterable, new AbortController().signal))).length;
    };
    expect(await bytesOf(sentence.repeat(40))).toBeGreaterThan((await bytesOf(sentence)) * 35);
    await patient.close();
  });
});

async function spoken(text: string, language: string): Promise<Buffer> {
  const { pcm, words } = await synthesizeWithWords(text, { language, voice: PHONE_VOICE });
  spokenRegister.register({ text, language, pcm, words, saidAtMs: Date.now() });
  return linear16(pcm);
}

function faultsFor(kind: ServiceTrouble): object {
  if (kind === 'silent') return { stt: { silent: true }, tts: { silent: true } };
  const fault = kind === 'unreachable' ? { unavailable: true } : { resourceExhausted: true };
  return { stt: fault, tts: fault };
}
