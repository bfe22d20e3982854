import { expect, test } from 'vitest';
import { FRAME_MS } from '../../media/frames.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { strangeFrame } from '../kit/fake-speech.ts';

/** Of the customer's voice: 20 dB fainter. */
const FAINT = 0.1;

function bench() {
  const leg = new FakeLeg();
  // As a recogniser does: what its last interim said.
  let heard = '';
  const hears = (words: string): void => {
    heard = words;
    leg.recognizer.current.interim(words);
  };
  leg.recognizer.onHalfClose = (stream) => {
    stream.final(heard);
  };
  const loud = strangeFrame();
  const faint = Buffer.alloc(loud.length);
  for (let byte = 0; byte < loud.length; byte += 2)
    faint.writeInt16LE(Math.round(loud.readInt16LE(byte) * FAINT), byte);
  /** Somebody talks in the room. */
  const others = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      leg.speech.push(faint);
      await leg.clock.advance(FRAME_MS);
    }
  };
  /** Words of the customer's with others behind them; how long it took until they were a turn. */
  const turnAfter = async (words: string): Promise<number> => {
    const before = leg.link.turns.length;
    heard = words;
    await leg.says(words);
    const saidAtMs = leg.clock.nowMs();
    while (leg.link.turns.length === before && leg.clock.nowMs() - saidAtMs < 10_000) await others(FRAME_MS);
    return leg.clock.nowMs() - saidAtMs;
  };
  return { leg, others, hears, turnAfter };
}

test('[EP40] somebody who talks in the room keeps no turn open', async () => {
  const { leg, turnAfter } = bench();
  expect(await turnAfter('i want a table for two')).toBeLessThan(1_400);
  for (const words of ['tomorrow at seven in the evening', 'near the window']) {
    const tookMs = await turnAfter(words);
    expect(tookMs).toBeLessThanOrEqual(600);
    expect(leg.link.turns.at(-1)).toMatchObject({ utterance: words });
  }
});

test('[EP40] somebody who talks in the room does not stop the bot, the customer does', async () => {
  const { leg, others, turnAfter } = bench();
  await turnAfter('i want a table for two');
  void leg.answer({ say: 'This is a long sentence that the bot says to its end, whoever talks in the room.' });
  await others(1_000);
  const { cleared } = leg.network;
  await others(1_500);
  expect(leg.network.cleared).toBe(cleared);
  expect(leg.network.played.slice(-20).every((frame) => frame !== null)).toBe(true);
  await leg.makesNoise(200);
  expect(leg.network.cleared).toBe(cleared + 1);
});

test('[EP42] a faint voice that brings words is the customer’s', async () => {
  const { leg, others, hears, turnAfter } = bench();
  await turnAfter('i want a table for two');
  await others(2_000);
  const before = leg.link.turns.length;
  await others(400);
  hears('no for three');
  await others(200);
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > before);
  expect(leg.link.turns.at(-1)).toMatchObject({ utterance: 'no for three' });
});

test('[EP42] who ends in a murmur is heard out as long as words come of it', async () => {
  const { leg, others, hears, turnAfter } = bench();
  await turnAfter('i want a table for two');
  const before = leg.link.turns.length;
  await leg.says('and i think that');
  for (const words of [
    'and i think that it',
    'and i think that it should be',
    'and i think that it should be outside',
  ]) {
    await others(300);
    hears(words);
  }
  expect(leg.link.turns).toHaveLength(before);
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > before);
  expect(leg.link.turns.at(-1)).toMatchObject({ utterance: 'and i think that it should be outside' });
});
