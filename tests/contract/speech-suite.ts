/** What every recogniser and every synthesiser behind our ports must do, whoever's it is. */
import { describe, expect, test } from 'vitest';
import type { Recognizer, RecognizerStream } from '../../providers/stt.ts';
import type { Synthesizer, Utterable } from '../../providers/tts.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { collect, listen, play, silence, SIXTEEN_KHZ } from './speech-listener.ts';

export type ServiceTrouble = 'unreachable' | 'rate_limit' | 'silent';

export interface SpeechBench {
  recognizer: Recognizer;
  synthesizer: Synthesizer;
  /** A phrase as somebody would say it on the phone: 16 kHz, 16 bit. */
  spoken(text: string, language: string): Promise<Buffer>;
  /** What there is to hear in the bot's voice. */
  recognised(sound: Buffer): string;
  trouble(kind: ServiceTrouble): void;
  /** For a service that can say no more interims than it gets time for: plays at the pace of a voice, or somewhat faster. */
  playAsSaid?: (stream: RecognizerStream, sound: Buffer) => Promise<void>;
}

const english = 'Hello, my name is Anna Petrova and I want to report a broken window.';
const russian = 'Здравствуйте, соедините меня с оператором, пожалуйста.';

export function speechSuite(bench: () => SpeechBench): void {
  describe('recognition', () => {
    test.each([
      ['en-US', english],
      ['ru-RU', russian],
    ])(
      '[ST1] a phrase in %s is told word by word as it is said, then as a final in its language',
      async (language, text) => {
        const heard = listen(bench().recognizer, { language });
        const sound = Buffer.concat([silence(300), await bench().spoken(text, language), silence(1_500)]);
        const { playAsSaid } = bench();
        if (playAsSaid === undefined) play(heard.stream, sound);
        else await playAsSaid(heard.stream, sound);

        const final = await heard.until('final');

        expect(final.text).toBe(text);
        expect(final.language).toBe(language);
        expect(final.confidence).toBeGreaterThan(0.5);
        const interims = heard.interims();
        expect(new Set(interims).size).toBeGreaterThan(3);
        for (const interim of interims) expect(text.startsWith(interim)).toBe(true);
        heard.stream.abort();
      },
    );

    test('[ST2] two phrases on one stream are two finals in their order, each between its own begin and end of speech', async () => {
      const heard = listen(bench().recognizer);
      const first = await bench().spoken('Good morning, this is about my order.', 'en-US');
      const second = await bench().spoken('It has not arrived yet.', 'en-US');
      play(heard.stream, Buffer.concat([first, silence(1_200), second, silence(1_200)]));

      await heard.until('final', (event) => event.text.startsWith('It has'));

      expect(heard.finals()).toEqual(['Good morning, this is about my order.', 'It has not arrived yet.']);
      const order = heard.events.map((event) => event.type).filter((type) => type !== 'interim');
      expect(order.filter((type) => type === 'speech_began')).toHaveLength(2);
      expect(order.indexOf('speech_began')).toBeLessThan(order.indexOf('final'));
      expect(order.lastIndexOf('speech_began')).toBeGreaterThan(order.indexOf('final'));
      heard.stream.abort();
    });

    test('[ST3] a half-close in the middle of speech forces the final of what was said, then closes as expected, once', async () => {
      const heard = listen(bench().recognizer);
      play(heard.stream, await bench().spoken(english, 'en-US'));
      heard.stream.halfClose();

      const closed = await heard.until('closed');

      expect(closed).toEqual({ type: 'closed', expected: true, error: null });
      expect(heard.finals()).toEqual([english]);
      heard.stream.write(silence(100));
      heard.stream.halfClose();
      expect(heard.events.filter((event) => event.type === 'closed')).toHaveLength(1);
      expect(heard.events.at(-1)?.type).toBe('closed');
    });

    test('[ST4] after an abort nothing more is told, not even that it is closed', async () => {
      const heard = listen(bench().recognizer);
      const other = listen(bench().recognizer);
      const sound = await bench().spoken(english, 'en-US');
      play(heard.stream, sound);
      await heard.until('speech_began');
      const told = heard.events.length;
      heard.stream.abort();
      heard.stream.halfClose();

      // By the time that another stream has said everything, the aborted one would have too.
      play(other.stream, sound);
      other.stream.halfClose();
      await other.until('closed');

      expect(heard.events).toHaveLength(told);
    });

    test('[ST5] a stream that is aborted or half-closed before it was connected ends the same way', async () => {
      const aborted = listen(bench().recognizer);
      aborted.stream.abort();
      const closed = listen(bench().recognizer);
      play(closed.stream, await bench().spoken('It has not arrived yet.', 'en-US'));
      closed.stream.halfClose();

      expect(await closed.until('closed')).toMatchObject({ expected: true });
      expect(closed.finals()).toEqual(['It has not arrived yet.']);
      expect(aborted.events).toEqual([]);
    });

    test('[ST6] sound without words is no words: an empty final at most', async () => {
      const heard = listen(bench().recognizer);
      const noise = Buffer.alloc(SIXTEEN_KHZ * 2);
      for (let i = 0; i < SIXTEEN_KHZ; i += 1) noise.writeInt16LE(Math.round(6_000 * Math.sin(i * i * 1e-4)), i * 2);
      play(heard.stream, Buffer.concat([noise, silence(1_000)]));
      heard.stream.halfClose();

      await heard.until('closed');

      expect(heard.interims()).toEqual([]);
      expect(heard.finals().filter((text) => text !== '')).toEqual([]);
    });

    test('[ST7] frames of any size are heard alike', async () => {
      const sound = Buffer.concat([await bench().spoken('It has not arrived yet.', 'en-US'), silence(1_000)]);
      for (const frameBytes of [320, 642, 31_998, sound.length]) {
        const heard = listen(bench().recognizer);
        play(heard.stream, sound, frameBytes);
        heard.stream.halfClose();
        expect(await heard.until('closed')).toMatchObject({ expected: true });
        expect(heard.finals()).toEqual(['It has not arrived yet.']);
      }
    });

    test.each(['unreachable', 'rate_limit'] as const)(
      '[ST8] trouble of the service (%s) closes the stream unexpectedly and names its kind',
      async (kind) => {
        const sound = await bench().spoken(english, 'en-US');
        bench().trouble(kind);
        const heard = listen(bench().recognizer);
        play(heard.stream, sound);

        const closed = await heard.until('closed');

        expect(closed.expected).toBe(false);
        expect(closed.error).toBeInstanceOf(ProviderError);
        expect(closed.error).toMatchObject({ kind });
      },
    );
  });

  describe('synthesis', () => {
    const phrase: Utterable = {
      text: 'Good morning. How can I help you?',
      language: 'en-US',
      voice: null,
      speed: 1,
      sampleRateHz: SIXTEEN_KHZ,
    };

    test.each([
      ['en-US', 'Good morning. How can I help you?'],
      ['ru-RU', 'Добрый день! Чем я могу вам помочь?'],
    ])(
      '[ST20] a sentence in %s comes as whole samples in several pieces and can be understood',
      async (language, text) => {
        const pieces = await collect(
          bench().synthesizer.synthesize({ ...phrase, text, language }, new AbortController().signal),
        );

        expect(pieces.length).toBeGreaterThan(1);
        for (const piece of pieces) expect(piece.length % 2).toBe(0);
        expect(bench().recognised(Buffer.concat(pieces))).toBe(text);
      },
    );

    test('[ST21] the sound has the rate and the speed that were asked for', async () => {
      const seconds = async (change: Partial<Utterable>): Promise<number> => {
        const utterable = { ...phrase, ...change };
        const pieces = await collect(bench().synthesizer.synthesize(utterable, new AbortController().signal));
        return Buffer.concat(pieces).length / 2 / utterable.sampleRateHz;
      };
      const usual = await seconds({});
      expect(usual).toBeGreaterThan(1);
      expect(usual).toBeLessThan(6);
      expect(await seconds({ sampleRateHz: 24_000 })).toBeCloseTo(usual, 0);
      expect(await seconds({ speed: 1.25 })).toBeLessThan(usual * 0.95);
      expect(await seconds({ speed: 0.75 })).toBeGreaterThan(usual * 1.05);
    });

    test('[ST22] an abort in mid-sentence ends it at once with the reason of the abort', async () => {
      const abort = new AbortController();
      const reason = new Error('the caller speaks');
      const pieces: Buffer[] = [];
      const speaking = (async () => {
        for await (const piece of bench().synthesizer.synthesize(phrase, abort.signal)) {
          pieces.push(piece);
          abort.abort(reason);
        }
      })();

      await expect(speaking).rejects.toBe(reason);
      expect(pieces).toHaveLength(1);
    });

    test('[ST23] an abort before the first sound, or before the start, ends it the same way', async () => {
      bench().trouble('silent');
      const abort = new AbortController();
      const speaking = collect(bench().synthesizer.synthesize(phrase, abort.signal));
      setImmediate(() => {
        abort.abort();
      });
      await expect(speaking).rejects.toMatchObject({ name: 'AbortError' });
      await expect(collect(bench().synthesizer.synthesize(phrase, abort.signal))).rejects.toMatchObject({
        name: 'AbortError',
      });
    });

    test.each(['unreachable', 'rate_limit'] as const)(
      '[ST24] trouble of the service (%s) is thrown by its kind',
      async (kind) => {
        bench().trouble(kind);
        const speaking = collect(bench().synthesizer.synthesize(phrase, new AbortController().signal));
        await expect(speaking).rejects.toBeInstanceOf(ProviderError);
        await expect(speaking).rejects.toMatchObject({ kind });
      },
    );

    test('[ST25] nothing to say is no sound and no failure', async () => {
      expect(
        await collect(bench().synthesizer.synthesize({ ...phrase, text: '  ' }, new AbortController().signal)),
      ).toEqual([]);
    });
  });
}
