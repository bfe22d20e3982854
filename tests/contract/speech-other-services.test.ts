import { describe, expect, test } from 'vitest';
import { createGoogleRecognizer, type GoogleRecognizerOptions } from '../../providers/google/recognizer.ts';
import { createGoogleSynthesizer } from '../../providers/google/synthesizer.ts';
import { wavHeader } from '../../sandbox/speech/sound-formats.ts';
import { collect, listen, play, silence, type Listening } from './speech-listener.ts';
import { otherService, type OtherServiceScript, type RecognizeMessage } from './speech-other-service.ts';

const utterable = { text: 'Guten Tag.', language: 'de-DE', voice: null, speed: 1, sampleRateHz: 16_000 };

describe('recognition services of other habits', () => {
  test('[ST40] only finals, and only after the half-close', async () => {
    await hearing(
      {
        recognize: (call) => {
          call.on('data', () => undefined);
          call.on('end', () => {
            call.write({ results: [{ isFinal: true, alternatives: [{ transcript: 'first' }] }] });
            call.write({ results: [{ isFinal: true, alternatives: [{ transcript: ' second' }] }] });
            call.end();
          });
        },
      },
      async (heard) => {
        play(heard.stream, silence(300));
        heard.stream.halfClose();
        expect(await heard.until('closed')).toEqual({ type: 'closed', expected: true, error: null });
        expect(heard.finals()).toEqual(['first', 'second']);
        expect(heard.events[0]).toEqual({ type: 'final', text: 'first', confidence: 0, language: null });
      },
    );
  });

  test('[ST41] a final that takes longer than the close timeout counts as life as long as something comes', async () => {
    await hearing(
      {
        recognize: (call) => {
          call.on('data', () => undefined);
          call.on('end', () => {
            let left = 4;
            const timer = setInterval(() => {
              left -= 1;
              call.write({ results: [{ isFinal: left === 0, alternatives: [{ transcript: 'late' }] }] });
              if (left > 0) return;
              clearInterval(timer);
              call.end();
            }, 100);
          });
        },
      },
      async (heard) => {
        heard.stream.halfClose();
        expect(await heard.until('closed')).toMatchObject({ error: null });
        expect(heard.finals()).toEqual(['late']);
      },
      { closeTimeoutMs: 250 },
    );
  });

  test('[ST42] a stream that the service ends early is closed unexpectedly, with what it had said before', async () => {
    await hearing(
      {
        recognize: (call) => {
          call.once('data', () => {
            call.write({ results: [{ isFinal: true, alternatives: [{ transcript: 'before' }] }] });
            call.end();
          });
        },
      },
      async (heard) => {
        play(heard.stream, silence(300));
        expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind: 'vendor_fault' } });
        expect(heard.finals()).toEqual(['before']);
        play(heard.stream, silence(300));
        expect(heard.events.filter((event) => event.type === 'closed')).toHaveLength(1);
      },
    );
  });

  test('[ST43] words said just before the time limit are not lost with the stream', async () => {
    await hearing(
      {
        recognize: (call) => {
          call.once('data', () => {
            for (const transcript of ['one', 'two', 'three'])
              call.write({ results: [{ isFinal: true, alternatives: [{ transcript }] }] });
            call.emit('error', { code: 11, details: 'Exceeded maximum allowed stream duration of 305 seconds.' });
          });
        },
      },
      async (heard) => {
        expect(await heard.until('closed')).toEqual({ type: 'closed', expected: true, error: null });
        expect(heard.finals()).toEqual(['one', 'two', 'three']);
      },
    );
  });

  test('[ST44] interims in several parts are one sentence; empty results are nothing', async () => {
    await hearing(
      {
        recognize: (call) => {
          call.once('data', () => {
            call.write({ results: [] });
            call.write({ results: [{ alternatives: [] }] });
            call.write({
              results: [
                { stability: 0.9, alternatives: [{ transcript: 'I would' }] },
                { stability: 0.1, alternatives: [{ transcript: ' like' }] },
              ],
            });
            call.write({
              results: [
                {
                  isFinal: true,
                  languageCode: 'de-de',
                  alternatives: [{ transcript: 'I would like.', confidence: 0.5 }],
                },
              ],
            });
          });
        },
      },
      async (heard) => {
        await heard.until('final');
        expect(heard.events).toEqual([
          { type: 'interim', text: 'I would like', stability: expect.closeTo(0.1, 3) as number },
          { type: 'final', text: 'I would like.', confidence: 0.5, language: 'de-DE' },
        ]);
      },
    );
  });

  test('[ST45] the first message names recogniser, language and model; audio follows in the pieces in which it was given', async () => {
    const messages: RecognizeMessage[] = [];
    await hearing(
      {
        recognize: (call) => {
          call.on('data', (message: RecognizeMessage) => messages.push(message));
          call.on('end', () => {
            call.end();
          });
        },
      },
      async (heard) => {
        for (const ms of [40, 200, 1_000]) heard.stream.write(silence(ms));
        heard.stream.halfClose();
        await heard.until('closed');
      },
      { projectId: 'shop', location: 'eu' },
    );
    expect(messages[0]?.recognizer).toBe('projects/shop/locations/eu/recognizers/_');
    expect(messages[0]?.streamingConfig?.config).toMatchObject({ languageCodes: ['en-US'], model: 'chirp_3' });
    const audio = messages.slice(1).map((message) => message.audio?.length ?? 0);
    expect(audio).toEqual([1_280, 6_400, 15_360, 15_360, 1_280]);
  });

  test('[ST47] more streams than one connection takes are all heard, and connections are used again', async () => {
    const connections = new Set<string>();
    let open = 0;
    await using service = await otherService({
      streamsAConnection: 3,
      recognize: (call) => {
        connections.add(call.getPeer());
        open += 1;
        call.once('cancelled', () => {
          open -= 1;
        });
        call.once('data', () => {
          call.write({ results: [{ isFinal: true, alternatives: [{ transcript: 'here' }] }] });
        });
      },
    });
    const recognizer = createGoogleRecognizer({ speechUrl: service.url, streamsAConnection: 3 });
    for (let round = 0; round < 3; round += 1) {
      const all = Array.from({ length: 8 }, () => listen(recognizer));
      await Promise.all(all.map((heard) => heard.until('final')));
      for (const heard of all) heard.stream.abort();
      // A stream asked for before the service has noticed the aborts would be one too many for it.
      await expect.poll(() => open).toBe(0);
    }
    expect(connections.size).toBe(3);
    await recognizer.close();
  });

  test('[ST46] a service that takes no audio is given up before a caller is kept waiting', async () => {
    await hearing(
      {
        recognize: (call) => {
          call.pause();
        },
      },
      async (heard) => {
        play(heard.stream, silence(60_000));
        expect(await heard.until('closed')).toMatchObject({ expected: false, error: { kind: 'timeout' } });
      },
    );
  });
});

describe('synthesis services of other habits', () => {
  test('[ST50] a WAV header in a stream is taken off, however it is cut', async () => {
    const sound = Buffer.from(Array.from({ length: 2_000 }, (_, i) => i % 251));
    const wav = Buffer.concat([wavHeader({ encoding: 1, sampleRateHz: 16_000, dataBytes: sound.length }), sound]);
    await using service = await otherService({
      synthesizeStream: (call) => {
        call.on('data', () => undefined);
        call.on('end', () => {
          for (const [from, to] of [
            [0, 3],
            [3, 30],
            [30, 41],
            [41, 47],
            [47, 1_000],
            [1_000, wav.length],
          ])
            call.write({ audioContent: wav.subarray(from, to) });
          call.end();
        });
      },
    });
    const synthesizer = createGoogleSynthesizer({ ttsUrl: service.url });
    const pieces = await collect(synthesizer.synthesize(utterable, new AbortController().signal));
    expect(Buffer.concat(pieces).equals(sound)).toBe(true);
    await synthesizer.close();
  });

  test('[ST51] a service that only knows the unary method, and always sends a header, is understood', async () => {
    const sound = Buffer.alloc(640, 7);
    await using service = await otherService({
      synthesize: () =>
        Buffer.concat([wavHeader({ encoding: 1, sampleRateHz: 16_000, dataBytes: sound.length }), sound]),
    });
    const synthesizer = createGoogleSynthesizer({ ttsUrl: service.url });
    expect(
      Buffer.concat(await collect(synthesizer.synthesize(utterable, new AbortController().signal))).equals(sound),
    ).toBe(true);
    await synthesizer.close();
  });

  test('[ST52] sound of another rate than asked is a fault of the service, not noise in the ear', async () => {
    await using service = await otherService({
      synthesize: () =>
        Buffer.concat([wavHeader({ encoding: 1, sampleRateHz: 24_000, dataBytes: 640 }), Buffer.alloc(640)]),
    });
    const synthesizer = createGoogleSynthesizer({ ttsUrl: service.url });
    await expect(collect(synthesizer.synthesize(utterable, new AbortController().signal))).rejects.toMatchObject({
      kind: 'vendor_fault',
    });
    await synthesizer.close();
  });

  test('[ST53] one utterance is one stream: voice first, then its text, then nothing more', async () => {
    const seen: unknown[] = [];
    await using service = await otherService({
      synthesizeStream: (call) => {
        call.on('data', (message: { streamingConfig?: { voice: { name: string } }; input?: { text: string } }) => {
          seen.push(message.streamingConfig?.voice.name ?? message.input?.text);
        });
        call.on('end', () => {
          seen.push('half-close');
          call.end();
        });
      },
    });
    const synthesizer = createGoogleSynthesizer({ ttsUrl: service.url });
    await collect(synthesizer.synthesize({ ...utterable, voice: 'Kore' }, new AbortController().signal));
    await collect(
      synthesizer.synthesize(
        { ...utterable, language: 'ru-RU', voice: 'de-DE-Chirp3-HD-Kore', text: 'Да.' },
        new AbortController().signal,
      ),
    );
    expect(seen).toEqual([
      'de-DE-Chirp3-HD-Kore',
      'Guten Tag.',
      'half-close',
      'ru-RU-Chirp3-HD-Kore',
      'Да.',
      'half-close',
    ]);
    await synthesizer.close();
  });
});

async function hearing(
  script: OtherServiceScript,
  story: (heard: Listening) => Promise<void>,
  options: GoogleRecognizerOptions = {},
): Promise<void> {
  await using service = await otherService(script);
  const recognizer = createGoogleRecognizer({ ...options, speechUrl: service.url });
  const heard = listen(recognizer);
  await story(heard);
  heard.stream.abort();
  await recognizer.close();
}
