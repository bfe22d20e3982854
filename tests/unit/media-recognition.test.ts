import { pino } from 'pino';
import { expect, test } from 'vitest';
import { FRAME_MS } from '../../media/frames.ts';
import { Recognition } from '../../media/recognition.ts';
import { FakeRecognizer, tone } from '../kit/fake-speech.ts';
import { TestClock } from '../kit/test-clock.ts';

const frame = tone(FRAME_MS);
const bytesOf = (ms: number): number => (ms / FRAME_MS) * frame.length;

function bench() {
  const clock = new TestClock();
  const recognizer = new FakeRecognizer();
  const recognition = new Recognition({ recognizer, pacer: clock, log: pino({ level: 'silent' }) });
  const listen = () => recognition.listenFor({ language: 'en-US', hints: ['Contoso'] });
  /** Frames at the pace of the clock; `speaking` as the detector would say. */
  const hear = async (ms: number, speaking = true): Promise<void> => {
    const sinceMs = clock.nowMs();
    for (let heardMs = 0; heardMs < ms; heardMs += FRAME_MS) {
      recognition.write(frame);
      await clock.advance(FRAME_MS);
      recognition.beat(clock.nowMs(), { speaking, sinceMs });
    }
  };
  return { clock, recognizer, recognition, listen, hear };
}

test('[EP20] what is said before the language is known is kept and heard then', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  await hear(500);
  expect(recognizer.streams).toHaveLength(0);
  listen();
  expect(recognizer.current.bytes).toBe(bytesOf(500));
  expect(recognizer.current.options).toMatchObject({ language: 'en-US', hints: ['Contoso'], sampleRateHz: 16_000 });
  expect(recognition.words.text).toBe('');
});

test('[EP21] interims and finals make one utterance, taken as a whole', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  listen();
  await hear(100);
  recognizer.current.interim('I want');
  expect(recognition.words).toMatchObject({ text: 'I want', isFinal: false });
  recognizer.current.final('I want a table.');
  recognizer.current.interim('for two');
  expect(recognition.words).toMatchObject({ text: 'I want a table. for two', isFinal: false });
  recognition.take();
  expect(recognition.words.text).toBe('');
  expect(recognizer.streams.map((stream) => stream.state)).toEqual(['aborted', 'open']);
});

test('[EP22] forced to its final, a stream still belongs to the utterance, and new sound goes to the next one', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  listen();
  await hear(300);
  recognizer.current.interim('my name is an');
  recognition.forceFinal();
  const [first] = recognizer.streams;
  expect(recognition.finalPending).toBe(true);
  await hear(100);
  expect(recognizer.current.bytes).toBe(bytesOf(100));
  first?.final('My name is Anna.');
  expect(recognition.finalPending).toBe(false);
  expect(recognition.words).toMatchObject({ text: 'My name is Anna.', isFinal: true });
});

test('[EP23] a stream that breaks is replaced, and the new one hears again what no final covered', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  listen();
  await hear(400);
  recognizer.current.final('First sentence.');
  await hear(600);
  recognizer.current.interim('second sen');
  recognizer.current.close(new Error('UNAVAILABLE'));
  expect(recognizer.streams).toHaveLength(2);
  expect(recognizer.current.bytes).toBe(bytesOf(600));
  recognizer.current.final('Second sentence.');
  expect(recognition.words.text).toBe('First sentence. Second sentence.');
});

test('[EP24] no more than ten seconds are heard again; of a longer speech the words known so far stand', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  listen();
  await hear(12_000, false);
  recognizer.current.close(new Error('UNAVAILABLE'));
  expect(recognizer.current.bytes).toBe(bytesOf(10_000));
  recognizer.current.final('');
  recognizer.current.interim('it began last week');
  for (const heard of ['it began last week when I', 'it began last week when I moved the shelf']) {
    await hear(5_000, false);
    recognizer.current.interim(heard);
  }
  recognizer.current.close(new Error('UNAVAILABLE'));
  expect(recognition.words.text).toBe('it began last week when I moved the shelf');
  expect(recognizer.current.bytes).toBe(bytesOf(300));
});

test('[EP25] a recogniser that refuses again and again is asked with growing pauses', async () => {
  const { clock, recognizer, listen } = bench();
  listen();
  recognizer.current.close(new Error('one'));
  recognizer.current.close(new Error('two'));
  expect(recognizer.streams).toHaveLength(2);
  await clock.advance(300);
  expect(recognizer.streams).toHaveLength(3);
  recognizer.current.close(new Error('three'));
  await clock.advance(300);
  expect(recognizer.streams).toHaveLength(3);
  await clock.advance(300);
  expect(recognizer.streams).toHaveLength(4);
});

test('[EP26] a stream is renewed at a pause before its limit, in mid-speech only at the last moment, with the seam heard twice', async () => {
  const { clock, recognizer, recognition, listen, hear } = bench();
  listen();
  await clock.advance(241_000);
  await hear(20, true);
  expect(recognizer.streams).toHaveLength(1);
  await clock.advance(50_000);
  await hear(400, true);
  expect(recognizer.streams).toHaveLength(2);
  expect(recognizer.streams[0]?.state).toBe('half-closed');
  recognizer.streams[0]?.final('the words before the seam');
  expect(recognition.words.text).toBe('the words before the seam');
  recognition.take();
  await clock.advance(241_000);
  await hear(20, false);
  expect(recognizer.streams).toHaveLength(3);
  expect(recognizer.current.bytes).toBeLessThanOrEqual(bytesOf(20));
});

test('[EP27] speech without a word from the stream for long: another one hears the last seconds again', async () => {
  const { recognizer, listen, hear } = bench();
  listen();
  await hear(9_300);
  expect(recognizer.streams).toHaveLength(2);
  expect(recognizer.current.bytes).toBeGreaterThanOrEqual(bytesOf(9_000));
});

test('[EP28] where interims are usual, two seconds without one are enough', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  listen();
  await hear(200);
  recognizer.current.interim('hello');
  recognition.take();
  await hear(2_300);
  expect(recognizer.streams).toHaveLength(3);
  expect(recognizer.current.bytes).toBeGreaterThanOrEqual(bytesOf(2_000));
});

test('[LA10] in another language a new stream listens on', async () => {
  const { recognizer, recognition, listen, hear } = bench();
  listen();
  await hear(100);
  recognition.listenFor({ language: 'de-DE', hints: [] });
  expect(recognizer.streams.map((stream) => [stream.options.language, stream.state])).toEqual([
    ['en-US', 'aborted'],
    ['de-DE', 'open'],
  ]);
  recognition.stop();
  expect(recognizer.current.state).toBe('aborted');
});
