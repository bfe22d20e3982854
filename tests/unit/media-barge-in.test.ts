import { beforeAll, expect, test } from 'vitest';
import type { InterruptionKind, MediaMeter } from '../../telemetry/media-meter.ts';
import { LegFrames } from '../../telemetry/leg-frames.ts';
import { FRAME_MS, FrameCutter, isLoud } from '../../media/frames.ts';
import { PHONE_VOICE, synthesize } from '../../sandbox/voice/espeak.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { strangeFrame, toneMs } from '../kit/fake-speech.ts';

const TEXT = 'Welcome to the very long greeting of this company which goes on and on without an end in sight for long.';
const greeting = { kind: 'greeting', turnId: 'g-1', text: TEXT } as const;

class Tally implements MediaMeter {
  readonly kinds: InterruptionKind[] = [];
  dropped = 0;
  missed = 0;
  readonly cutOffs: number[] = [];
  interruption(kind: InterruptionKind): void {
    this.kinds.push(kind);
  }
  cutOff(afterMs: number): void {
    this.cutOffs.push(afterMs);
  }
  aecDropped(): void {
    this.dropped += 1;
  }
  aecMissed(): void {
    this.missed += 1;
  }
  turnAnswered(): void {
    // Not of this test.
  }
  early(): void {
    // Not of this test.
  }
  providerFailed(): void {
    // Not of this test.
  }
  leg(): LegFrames {
    return new LegFrames({ in: () => undefined, out: () => undefined });
  }
}

async function speaking(over: ConstructorParameters<typeof FakeLeg>[0] = {}): Promise<{ leg: FakeLeg; tally: Tally }> {
  const tally = new Tally();
  const leg = new FakeLeg({ opening: greeting, meter: tally, ...over });
  await leg.clock.advance(1_500);
  expect(leg.network.playedMs).toBeGreaterThan(1_000);
  return { leg, tally };
}

test('[BI20] at the customer’s voice the line is silent, though no word is known', async () => {
  const { leg } = await speaking();
  void leg.says('', { ms: 200, interims: false });
  await leg.clock.advance(160);
  expect(leg.network.cleared).toBe(1);
  expect(leg.network.bufferedMs).toBe(0);
});

test('[BI20] a click leaves it speaking', async () => {
  const { leg, tally } = await speaking();
  leg.speech.push(strangeFrame(), strangeFrame());
  await leg.clock.advance(1_000);
  expect(leg.network.cleared).toBe(0);
  expect(tally.kinds).toEqual([]);
});

test('[BI21] [BI26] after "mhm" it goes on near where it stopped; all of it is heard, once', async () => {
  const { leg, tally } = await speaking();
  await leg.says('mhm', { ms: 300 });
  await leg.clock.advance(toneMs(TEXT));
  expect(tally.kinds).toEqual(['backchannel', 'resumed']);
  expect(leg.network.playedMs).toBeGreaterThanOrEqual(toneMs(TEXT) - FRAME_MS);
  // The word that was cut is said again: 200 ms at most.
  expect(leg.network.playedMs).toBeLessThanOrEqual(toneMs(TEXT) + 240);
  const turn = await leg.saysAndCommits('I need help.');
  expect(turn.heard).toEqual([{ turnId: 'g-1', heardText: TEXT, complete: true }]);
});

test('[BI26] stopped for good after a pause for nothing, what was heard is counted once', async () => {
  const { leg } = await speaking();
  await leg.says('mhm', { ms: 300 });
  await leg.clock.advance(1_200);
  const turn = await leg.saysAndCommits('Stop that please.');
  const heardMs = toneMs(turn.heard[0]?.heardText ?? '');
  // At most two repetitions of 200 ms and the longest word.
  expect(heardMs).toBeLessThanOrEqual(leg.network.playedMs + 200);
  expect(heardMs).toBeGreaterThan(leg.network.playedMs - 800);
});

test('[BI22] [BI33] after a noise it goes on, and it is counted as noise', async () => {
  const { leg, tally } = await speaking();
  leg.recognizer.current.interim('x');
  leg.recognizer.current.interim('');
  await leg.makesNoise(300);
  await leg.clock.advance(500);
  expect(tally.kinds).toEqual(['noise', 'resumed']);
  expect(leg.network.bufferedMs).toBeGreaterThan(0);
});

test('[BI23] "ok, but" stops it for good', async () => {
  const { leg, tally } = await speaking();
  const turn = await leg.saysAndCommits('ok but not tomorrow');
  expect(turn.utterance).toBe('ok but not tomorrow');
  expect(tally.kinds).toEqual(['turn']);
  expect(turn.heard[0]?.complete).toBe(false);
});

test('[BI24] a "yes" shortly before the end is the answer, and the bot does not end its sentence over it', async () => {
  const tally = new Tally();
  const leg = new FakeLeg({ opening: greeting, meter: tally });
  await leg.clock.advance(toneMs(TEXT) - 700);
  const turn = await leg.saysAndCommits('yes');
  expect(turn.utterance).toBe('yes');
  expect(tally.kinds).toEqual(['turn']);
});

test('[BI27] the model is told what the customer did not hear', async () => {
  const { leg } = await speaking();
  leg.fast.thenSays({ text: 'Gladly.' });
  await leg.saysAndCommits('Stop, I need a doctor.');
  void leg.answer();
  await leg.clock.advance(1_000);
  const told = leg.fast.requests.at(-1)?.system.volatile ?? '';
  expect(told).toMatch(/did not hear the end of your last words: ".*in sight for long\."/);
  expect(told).not.toContain('Welcome to the');
});

test('[BI25] a listener’s "mhm" every few seconds stops it twice, not on and on', async () => {
  const { leg } = await speaking();
  for (let time = 0; time < 4; time += 1) {
    await leg.says('mhm', { ms: 260 });
    await leg.clock.advance(900);
  }
  expect(leg.network.cleared).toBe(2);
  expect(leg.link.turns).toEqual([]);
});

test('[TT20] silence is not counted while the bot waits for what a sound will be', async () => {
  const { leg } = await speaking({ flags: { phone_silence_timeout_sec: 1 } });
  await leg.makesNoise(700);
  await leg.clock.advance(2_000);
  expect(leg.link.turns.filter((turn) => turn.via === 'silence')).toEqual([]);
});

const sounds: Record<string, Buffer> = {};
const SPOKEN = 'Hello, this is Amelie of Contoso. How can I help you today? You can tell me about your claim.';
const ANSWER = 'Wait, I only want to change my address.';

beforeAll(async () => {
  const bytes = (pcm: Int16Array): Buffer => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  for (const text of SPOKEN.split(/(?<=[.?]) /u)) sounds[text] = bytes(await synthesize(text, { language: 'en-US' }));
  sounds[ANSWER] = bytes(await synthesize(ANSWER, { language: 'en-US', voice: PHONE_VOICE }));
});

/** The bot speaks with a real voice; the tone of the other tests is its own echo at any delay. */
const spoken = () => ({
  opening: { kind: 'greeting', turnId: 'g-1', text: SPOKEN } as const,
  synthesizer: {
    name: 'espeak',
    async *synthesize({ text }: { text: string }) {
      await Promise.resolve();
      const sound = sounds[text];
      if (sound === undefined) throw new Error(`nobody recorded: ${text}`);
      yield sound;
    },
  },
});

for (const echo of [
  { delayMs: 60, gain: 0.3 },
  { delayMs: 340, gain: 0.1 },
  { delayMs: 560, gain: 0.2 },
])
  test(`[BI30] on a speakerphone, ${echo.delayMs} ms and ${echo.gain}, the bot speaks to its end`, async () => {
    const { leg, tally } = await speaking({ ...spoken(), echo });
    await leg.clock.advance(7_000);
    expect(leg.network.cleared).toBe(0);
    expect(leg.link.turns).toEqual([]);
    expect(tally.dropped).toBeGreaterThan(0);
    expect(tally.missed).toBe(0);
  });

test('[BI31] who speaks over the echo stops the bot', async () => {
  const { leg, tally } = await speaking({ ...spoken(), echo: { delayMs: 200, gain: 0.1 } });
  await leg.clock.advance(500);
  const voice = new FrameCutter().push(sounds[ANSWER] ?? Buffer.alloc(0));
  leg.speech.push(...voice.slice(voice.findIndex(isLoud)));
  await leg.clock.advance(400);
  expect(leg.network.cleared).toBe(1);
  leg.recognizer.current.interim('Wait, I only');
  await leg.clock.advance(60);
  expect(tally.kinds).toContain('turn');
});

test('[BI32] [BI33] the bot’s words come back as words are no turn, and are counted as missed where they stopped it', async () => {
  const { leg, tally } = await speaking(spoken());
  // A sound that does not look like the bot's, with its words.
  void leg.says('', { ms: 500, interims: false });
  await leg.clock.advance(300);
  leg.recognizer.current.interim('hello this is emily of');
  await leg.clock.advance(3_000);
  expect(leg.link.turns).toEqual([]);
  expect(tally.missed).toBe(1);
  expect(tally.kinds).toContain('echo');
  expect(leg.network.bufferedMs).toBeGreaterThan(0);
});
