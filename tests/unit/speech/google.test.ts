import { protos } from '@google-cloud/speech';
import { describe, expect, test } from 'vitest';
import { clientOptions } from '../../../providers/google/clients.ts';
import { googleFailure } from '../../../providers/google/failure.ts';
import { audioInBytes, audioMessages, configMessage } from '../../../providers/google/recognition-request.ts';
import { textPieces } from '../../../providers/google/text-pieces.ts';
import { canonicalLanguage, defaultModel, recognitionLanguage, voiceFor } from '../../../providers/google/voices.ts';
import { WavStripper } from '../../../providers/wav.ts';
import { wavHeader } from '../../../sandbox/speech/sound-formats.ts';

describe('languages and voices', () => {
  test.each([
    ['en', 'en-US'],
    ['EN-gb', 'en-GB'],
    ['ru_RU', 'ru-RU'],
    ['uk', 'uk-UA'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['zh-CN', 'cmn-CN'],
    ['not a language', 'not a language'],
  ])('[LA11] %s is written %s', (tag, code) => {
    expect(canonicalLanguage(tag)).toBe(code);
  });

  test('[LA12] recognition writes Mandarin with its script', () => {
    expect(recognitionLanguage('zh')).toBe('cmn-Hans-CN');
    expect(recognitionLanguage('zh-TW')).toBe('cmn-Hant-TW');
    expect(recognitionLanguage('de')).toBe('de-DE');
  });

  test.each(['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'uk', 'tr'])(
    '[LA13] %s has a voice that streams',
    (language) => {
      expect(voiceFor(language, null)).toMatchObject({
        name: `${canonicalLanguage(language)}-Chirp3-HD-Aoede`,
        streams: true,
      });
    },
  );

  test("[LA14] a voice asked for is kept, moved into the language spoken, or replaced by that language's own", () => {
    expect(voiceFor('en-US', 'en-GB-Chirp3-HD-Kore')).toEqual({
      languageCode: 'en-GB',
      name: 'en-GB-Chirp3-HD-Kore',
      streams: true,
    });
    expect(voiceFor('ru-RU', 'en-US-Chirp3-HD-Kore')).toEqual({
      languageCode: 'ru-RU',
      name: 'ru-RU-Chirp3-HD-Kore',
      streams: true,
    });
    expect(voiceFor('ru-RU', 'en-US-Neural2-A')).toEqual({
      languageCode: 'ru-RU',
      name: 'ru-RU-Chirp3-HD-Aoede',
      streams: true,
    });
    expect(voiceFor('en-US', 'en-US-Neural2-A')).toEqual({
      languageCode: 'en-US',
      name: 'en-US-Neural2-A',
      streams: false,
    });
    expect(voiceFor('de', 'Puck')).toEqual({ languageCode: 'de-DE', name: 'de-DE-Chirp3-HD-Puck', streams: true });
    expect(voiceFor('pt-PT', null)).toEqual({ languageCode: 'pt-PT', name: null, streams: false });
  });

  test('[LA15] the recognition model follows the language and the place', () => {
    expect(defaultModel('en-US', 'global')).toBe('telephony');
    expect(defaultModel('ru-RU', 'global')).toBe('long');
    expect(defaultModel('ru-RU', 'eu')).toBe('chirp_3');
    expect(defaultModel('ru-RU', 'us-central1')).toBe('chirp_2');
  });
});

describe('addresses', () => {
  test('[ST61] http:// is plaintext without credentials; https:// and nothing are Google with them', () => {
    const plain = clientOptions({}, 'http://127.0.0.1:50051', 'speech.googleapis.com');
    expect(plain).toMatchObject({ apiEndpoint: '127.0.0.1', port: 50_051 });
    expect(plain.sslCreds?._isSecure()).toBe(false);
    const real = clientOptions(
      { credentialsFile: '/keys/a.json', projectId: 'p' },
      undefined,
      'eu-speech.googleapis.com',
    );
    expect(real).toMatchObject({
      apiEndpoint: 'eu-speech.googleapis.com',
      projectId: 'p',
      keyFilename: '/keys/a.json',
    });
    expect(clientOptions({}, 'https://proxy.example', 'speech.googleapis.com')).toMatchObject({
      apiEndpoint: 'proxy.example',
      port: 443,
    });
  });
});

describe('failures', () => {
  test.each([
    [{ code: 3 }, 'bad_request'],
    [{ code: 4 }, 'timeout'],
    [{ code: 5 }, 'not_found'],
    [{ code: 7 }, 'credentials'],
    [{ code: 8, message: 'Quota exceeded per minute' }, 'rate_limit'],
    [{ code: 8, message: 'Quota exceeded per day' }, 'quota'],
    [{ code: 13 }, 'vendor_fault'],
    [{ code: 14 }, 'unreachable'],
    [{ code: 16 }, 'credentials'],
    [{ code: 'ENOTFOUND' }, 'unreachable'],
    [{ code: 'ENOENT' }, 'credentials'],
    [{ message: 'Could not load the default credentials.' }, 'credentials'],
    [{ message: 'something else' }, 'vendor_fault'],
  ])('[ST62] %o is %s', (fields, kind) => {
    expect(
      googleFailure('google-speech', Object.assign(new Error('message' in fields ? fields.message : ''), fields)).kind,
    ).toBe(kind);
  });

  test('[ST63] the delay that the service wishes is passed on', () => {
    const error = Object.assign(new Error('slow down'), {
      code: 8,
      statusDetails: [{ links: [] }, { retryDelay: { seconds: '2', nanos: 500_000_000 } }],
    });
    expect(googleFailure('google-tts', error).retryAfterMs).toBe(2_500);
    expect(googleFailure('google-tts', new Error('x')).retryAfterMs).toBeNull();
  });
});

describe('audio and text on their way', () => {
  test('[ST64] audio goes out as it comes, in no message above the limit, and nothing is lost', () => {
    const sound = Buffer.from(Array.from({ length: 40_000 }, (_, i) => i % 256));
    expect(audioMessages(sound.subarray(0, 1_280)).map((message) => message.length)).toEqual([1_280]);
    expect(audioMessages(Buffer.alloc(0))).toEqual([]);
    const messages = audioMessages(sound);
    expect(messages.map((message) => message.length)).toEqual([15_360, 15_360, 9_280]);
    expect(Buffer.concat(messages).equals(sound)).toBe(true);
  });

  test.each([0, 1, 127, 128, 640, 15_360])(
    '[ST64] %i bytes of audio are on the wire what the client makes of them',
    (size) => {
      const audio = Buffer.from(Array.from({ length: size }, (_, at) => at % 256));
      const { StreamingRecognizeRequest } = protos.google.cloud.speech.v2;
      const read = StreamingRecognizeRequest.decode(audioInBytes({ audio }) ?? Buffer.from('not at all'));
      expect(Buffer.from(read.audio as Uint8Array)).toEqual(audio);
      expect(read.streamingRequest).toBe('audio');
    },
  );

  test('[ST65] hints are an inline phrase set, each once, those that are too long left out; no hints, no adaptation', () => {
    const settings = { recognizer: 'r', model: 'long', automaticPunctuation: true };
    const asked = { language: 'en', sampleRateHz: 16_000, hints: ['Anna', ' Anna ', '', 'x'.repeat(101)] };
    const phraseSets = configMessage(asked, settings).streamingConfig?.config?.adaptation?.phraseSets;
    expect(phraseSets).toEqual([{ inlinePhraseSet: { phrases: [{ value: 'Anna', boost: 10 }] } }]);
    expect(configMessage({ ...asked, hints: [] }, settings).streamingConfig?.config?.adaptation).toBeUndefined();
  });

  test('[ST66] a long text is cut between sentences, a long sentence between words, a short text not at all', () => {
    expect(textPieces(' One. Two. ', 'en')).toEqual(['One. Two.']);
    expect(textPieces(' ', 'en')).toEqual([]);
    const sentence = 'Это предложение не очень короткое.';
    const pieces = textPieces(Array.from({ length: 150 }, () => sentence).join(' '), 'ru');
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) {
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(5_000);
      expect(piece.endsWith(sentence)).toBe(true);
    }
    const endless = textPieces('слово '.repeat(1_000), 'ru');
    for (const piece of endless) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(5_000);
    expect(endless.join(' ').split(/\s+/)).toHaveLength(1_000);
  });

  test('[ST67] samples that only look like a header for a moment are kept; half a sample waits for its other half', () => {
    const stripper = new WavStripper();
    expect(stripper.take(Buffer.from('RI')).length).toBe(0);
    expect(stripper.take(Buffer.from('xyz')).toString()).toBe('RIxy');
    expect(stripper.take(Buffer.from('!')).toString()).toBe('z!');
    const short = new WavStripper();
    expect(short.take(Buffer.from('RIFF')).length).toBe(0);
    expect(short.rest().toString()).toBe('RIFF');
  });

  test('[ST68] chunks before the samples are skipped and the format is known', () => {
    const header = wavHeader({ encoding: 1, sampleRateHz: 24_000, dataBytes: 4 });
    const list = Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1');
    const stripper = new WavStripper();
    const wav = Buffer.concat([header.subarray(0, 36), list, header.subarray(36), Buffer.from([1, 2, 3, 4])]);
    expect([...stripper.take(wav)]).toEqual([1, 2, 3, 4]);
    expect(stripper.format).toEqual({ encoding: 1, channels: 1, sampleRateHz: 24_000, bitsPerSample: 16 });
  });
});
