/** The stand-in seen through the vendor's clients as they are, without our adapters: what Google refuses, it refuses. */
import { v1 as speechV1, v2 as speechV2 } from '@google-cloud/speech';
import { TextToSpeechClient, type protos } from '@google-cloud/text-to-speech';
import { grpc, type CancellableStream } from 'google-gax';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSpeechStandIn, type SpeechStandIn } from '../../sandbox/speech/server.ts';
import { linear16 } from '../../sandbox/speech/sound-formats.ts';
import { PHONE_VOICE, synthesizeWithWords } from '../../sandbox/voice/espeak.ts';
import { BotSpeechRegister, SpokenRegister } from '../../sandbox/voice/spoken.ts';

const recognizer = 'projects/p/locations/global/recognizers/_';
const sound = { encoding: 'LINEAR16', sampleRateHertz: 16_000, audioChannelCount: 1 };
const config = { explicitDecodingConfig: sound, model: 'long', languageCodes: ['en-US'] };
const streamingFeatures = { interimResults: true, enableVoiceActivityEvents: true };
const first = { recognizer, streamingConfig: { config, streamingFeatures } };

const spokenRegister = new SpokenRegister();
const botSpeech = new BotSpeechRegister();
let standIn: SpeechStandIn;
let speech: speechV2.SpeechClient;
let tts: TextToSpeechClient;

beforeAll(async () => {
  standIn = await createSpeechStandIn({ spoken: spokenRegister, botSpeech, port: 0 });
  speech = new speechV2.SpeechClient(clientOptions());
  tts = new TextToSpeechClient(clientOptions());
});

beforeEach(() => {
  standIn.resetFaults();
});

afterAll(async () => {
  await speech.close();
  await tts.close();
  await standIn.close();
});

describe('recognition, v2', () => {
  test.each([
    ['audio first', [{ audio: Buffer.alloc(640) }]],
    ['no recogniser', [{ streamingConfig: first.streamingConfig }]],
    ['a recogniser that is no path', [{ ...first, recognizer: 'mine' }]],
    ['no language', [{ ...first, streamingConfig: { config: { ...config, languageCodes: [] } } }]],
    [
      'sound without a description',
      [
        {
          ...first,
          streamingConfig: { config: { ...config, explicitDecodingConfig: undefined, autoDecodingConfig: {} } },
        },
      ],
    ],
    ['a second configuration', [first, first]],
    ['an empty message', [first, {}]],
    ['more than 15,360 bytes at once', [first, { audio: Buffer.alloc(15_362) }]],
    [
      'a boost above 20',
      [
        {
          ...first,
          streamingConfig: {
            config: {
              ...config,
              adaptation: { phraseSets: [{ inlinePhraseSet: { phrases: [{ value: 'a', boost: 21 }] } }] },
            },
          },
        },
      ],
    ],
  ])('[SB31] %s is an invalid argument', async (_, messages) => {
    expect(await statusOf(speech._streamingRecognize(), messages)).toBe(3);
  });

  test('[SB32] 15,360 bytes at once are taken', async () => {
    expect(await statusOf(speech._streamingRecognize(), [first, { audio: Buffer.alloc(15_360) }])).toBe(0);
  });

  test('[SB33] 305 seconds of audio end the stream with code 11, counted in audio', async () => {
    const messages = [first, ...Array.from({ length: 650 }, () => ({ audio: Buffer.alloc(15_360) }))];
    expect(await statusOf(speech._streamingRecognize(), messages)).toBe(11);
  });

  test('[SB34] the set faults end a stream with the code asked for, and only as many streams as asked for', async () => {
    standIn.changeFaults({ stt: { closeAfterBytes: 6_400, closeCode: 14, failingStreams: 1 } });
    const messages = [first, { audio: Buffer.alloc(3_200) }, { audio: Buffer.alloc(3_200) }];
    expect(await statusOf(speech._streamingRecognize(), messages)).toBe(14);
    expect(await statusOf(speech._streamingRecognize(), messages)).toBe(0);
    expect(() => standIn.changeFaults({ stt: { closeCode: 99 } })).toThrow();
    expect(() => standIn.changeFaults({ sst: {} })).toThrow();
  });

  test('[SB35] voice activity timeouts are counted in audio and end the stream', async () => {
    const voiceActivityTimeout = { speechStartTimeout: { seconds: 2 }, speechEndTimeout: { seconds: 1 } };
    const quiet = {
      ...first,
      streamingConfig: { config, streamingFeatures: { ...streamingFeatures, voiceActivityTimeout } },
    };
    const stream = speech._streamingRecognize();
    const ended = new Promise((resolve) => stream.on('end', resolve));
    stream.resume();
    stream.write(quiet);
    for (let i = 0; i < 25; i += 1) stream.write({ audio: Buffer.alloc(3_200) });
    await ended;
    stream.destroy();
  });

  test('[SB36] begin and end of speech carry their place in the audio', async () => {
    const phrase = await spoken('It has not arrived yet.', 'en-US');
    const replies = await repliesTo([
      first,
      ...pieces(Buffer.concat([Buffer.alloc(32_000), phrase, Buffer.alloc(32_000)])).map((audio) => ({ audio })),
    ]);
    const at = (type: string): number =>
      millisecondsOf(replies.find((reply) => reply.speechEventType === type)?.speechEventOffset);
    const spokenMs = phrase.length / 32;
    expect(at('SPEECH_ACTIVITY_BEGIN')).toBeGreaterThanOrEqual(1_000);
    expect(at('SPEECH_ACTIVITY_BEGIN')).toBeLessThan(1_300);
    expect(at('SPEECH_ACTIVITY_END')).toBeGreaterThan(1_000 + spokenMs * 0.8);
    expect(at('SPEECH_ACTIVITY_END')).toBeLessThanOrEqual(1_000 + spokenMs + 500);
    expect(
      replies.flatMap((reply) => reply.results.filter((result) => result.isFinal).map((result) => result.languageCode)),
    ).toEqual(['en-us']);
  });

  test('[SB37] what was not asked for is not told', async () => {
    const bare = { ...first, streamingConfig: { config } };
    const phrase = await spoken('It has not arrived yet.', 'en-US');
    const replies = await repliesTo([bare, ...pieces(phrase).map((audio) => ({ audio }))]);
    expect(replies).toHaveLength(1);
    expect(replies[0]?.results[0]).toMatchObject({
      isFinal: true,
      alternatives: [{ transcript: 'It has not arrived yet.' }],
    });
  });
});

describe('recognition, v1', () => {
  test('[SB38] the helper of the client is answered with interims, a final and the events', async () => {
    const client = new speechV1.SpeechClient(clientOptions());
    const phrase = await spoken('Соедините меня с оператором.', 'ru-RU');
    const stream = client.streamingRecognize({
      config: { encoding: 'LINEAR16', sampleRateHertz: 16_000, languageCode: 'ru-RU' },
      interimResults: true,
      enableVoiceActivityEvents: true,
    });
    const transcripts: string[] = [];
    const events: string[] = [];
    const ended = new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
    stream.on('data', (reply: { results: { alternatives: { transcript: string }[] }[]; speechEventType: string }) => {
      events.push(reply.speechEventType);
      for (const result of reply.results) transcripts.push(result.alternatives[0]?.transcript ?? '');
    });
    for (const audio of pieces(phrase)) stream.write(audio);
    stream.end();
    await ended;
    expect(transcripts.length).toBeGreaterThan(2);
    expect(transcripts.at(-1)).toBe('Соедините меня с оператором.');
    expect(events).toContain('SPEECH_ACTIVITY_BEGIN');
    await client.close();
  });
});

describe('synthesis', () => {
  const voice = { languageCode: 'en-US', name: 'en-US-Chirp3-HD-Aoede' };

  test('[SB41] LINEAR16 and MULAW come with a WAV header, PCM without', async () => {
    const lengths = [];
    for (const audioEncoding of ['PCM', 'LINEAR16', 'MULAW'] as const) {
      const audio = await synthesize({ audioConfig: { audioEncoding, sampleRateHertz: 8_000 } });
      expect(audio.subarray(0, 4).toString('latin1') === 'RIFF').toBe(audioEncoding !== 'PCM');
      lengths.push(audio.length);
    }
    const [pcm = 0, wav, mulaw] = lengths;
    expect(wav).toBe(pcm + 44);
    expect(mulaw).toBe(pcm / 2 + 44);
  });

  test('[SB42] the speaking rate is honoured and the default rate is 24 kHz', async () => {
    const usual = await synthesize({ audioConfig: { audioEncoding: 'PCM' } });
    const fast = await synthesize({ audioConfig: { audioEncoding: 'PCM', speakingRate: 1.5 } });
    const narrow = await synthesize({ audioConfig: { audioEncoding: 'PCM', sampleRateHertz: 8_000 } });
    expect(fast.length).toBeLessThan(usual.length * 0.85);
    expect(Math.abs(usual.length - narrow.length * 3)).toBeLessThan(50);
  });

  test('[SB43] streaming refuses LINEAR16, voices that cannot, text before the voice; idle streams are aborted', async () => {
    const audio = (audioEncoding: string) => ({
      streamingConfig: { voice, streamingAudioConfig: { audioEncoding, sampleRateHertz: 16_000 } },
    });
    expect(await statusOf(tts.streamingSynthesize(), [audio('LINEAR16')])).toBe(3);
    expect(
      await statusOf(tts.streamingSynthesize(), [
        { streamingConfig: { voice: { ...voice, name: 'en-US-Standard-A' } } },
      ]),
    ).toBe(3);
    expect(await statusOf(tts.streamingSynthesize(), [{ input: { text: 'Hello.' } }])).toBe(3);
    expect(await statusOf(tts.streamingSynthesize(), [audio('PCM'), { input: { text: 'Hello.' } }])).toBe(0);
    standIn.changeFaults({ tts: { idleLimitMs: 50 } });
    const idle = tts.streamingSynthesize();
    idle.write(audio('PCM'));
    const failed = await new Promise((resolve) => idle.on('error', resolve));
    expect(failed).toMatchObject({ code: 10 });
  });

  test('[SB44] what was spoken is entered where the phones look it up', async () => {
    await synthesize({ input: { text: 'Your claim has been registered.' }, audioConfig: { audioEncoding: 'PCM' } });
    expect(botSpeech.all().map((entry) => entry.text)).toContain('Your claim has been registered.');
  });

  test('[SB45] the voices of a language can be listed', async () => {
    const [{ voices }] = await tts.listVoices({ languageCode: 'ru-RU' });
    expect(voices?.map((one) => one.name)).toContain('ru-RU-Chirp3-HD-Aoede');
    expect(voices?.every((one) => one.languageCodes?.includes('ru-RU'))).toBe(true);
  });

  async function synthesize(change: protos.google.cloud.texttospeech.v1.ISynthesizeSpeechRequest): Promise<Buffer> {
    const [reply] = await tts.synthesizeSpeech({ input: { text: 'Good morning.' }, voice, ...change });
    return Buffer.from(reply.audioContent as Uint8Array);
  }
});

interface Reply {
  speechEventType: string;
  speechEventOffset: { seconds: string; nanos: number } | null;
  results: { isFinal: boolean; languageCode: string; alternatives: { transcript: string }[] }[];
}

function clientOptions() {
  return {
    apiEndpoint: '127.0.0.1',
    port: standIn.port,
    sslCreds: grpc.credentials.createInsecure(),
    clientOptions: { universeDomain: 'googleapis.com' },
  };
}

async function spoken(text: string, language: string): Promise<Buffer> {
  const { pcm, words } = await synthesizeWithWords(text, { language, voice: PHONE_VOICE });
  spokenRegister.register({ text, language, pcm, words, saidAtMs: Date.now() });
  return linear16(pcm);
}

function pieces(audio: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(audio.length / 3_200) }, (_, i) => audio.subarray(i * 3_200, (i + 1) * 3_200));
}

/** 0 when the stream ends well. */
function statusOf(stream: CancellableStream, messages: object[]): Promise<number> {
  return new Promise((resolve) => {
    stream.on('error', (error: Error & { code: number }) => {
      resolve(error.code);
    });
    stream.on('end', () => {
      resolve(0);
    });
    stream.resume();
    for (const message of messages) stream.write(message);
    stream.end();
  });
}

function repliesTo(messages: object[]): Promise<Reply[]> {
  return new Promise((resolve, reject) => {
    const replies: Reply[] = [];
    const stream = speech._streamingRecognize();
    stream.on('data', (reply: Reply) => replies.push(reply));
    stream.on('error', reject);
    stream.on('end', () => {
      resolve(replies);
    });
    for (const message of messages) stream.write(message);
    stream.end();
  });
}

function millisecondsOf(duration: { seconds: string; nanos: number } | null | undefined): number {
  return duration === null || duration === undefined ? NaN : Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}
