/**
 * Is what the ear hears the bot's own voice, come back through a speakerphone? What was played is kept for a moment, and the last
 * of what is heard is looked for in it. Nothing is computed until somebody asks, which is at the beginning of a sound into the
 * bot's words: a search takes 2-3 ms, and 0.2 ms once the way of the echo is known.
 */
import { FRAME_BYTES, FRAME_MS, isLoud, SAMPLE_RATE_HZ, SILENT_FRAME } from './frames.ts';

/** From the moment a frame should be played to its return: the network both ways, its buffer, loudspeaker, air, microphone. */
const MOST_LAG_MS = 800;
/** Clocks, jitter of frames: an echo whose way is known is looked for this much around it. */
const LAG_SLACK_MS = 25;
/** A telephone's band begins here; below it the line's own hum would agree with nothing. */
const LOW_CUT_HZ = 300;
/** 4 kHz: up to 2 kHz lies most of a voice, and the search costs a sixteenth. */
const DECIMATION = 4;
const RATE = SAMPLE_RATE_HZ / DECIMATION / 1_000;
/** Flattens the spectrum, so that two voices of one pitch do not look alike. */
const PRE_EMPHASIS = 0.9;
/** What is compared. Shorter, and two vowels of different voices agree; longer, and the bot stops late. */
const SHORTEST_LOOK_MS = 120;
const LONGEST_LOOK_MS = 240;
/** Less sound than this tells nothing. */
const LEAST_HEARD_MS = 80;
/**
 * Agreement (normalised cross-correlation) from which on it is echo. Measured with espeak voices, delays of 40-560 ms, -10 to -30 dB, a
 * telephone's band, a small room's reflections, noise: every echo was known at the first look; of strangers 0 of 50 were taken for one,
 * of the bot's own voice without echo 1 of 10, at the first look only. Speech over a known echo of -20 dB and less was always heard as speech;
 * over one of -10 dB up to a quarter was taken for echo within the first 140 ms, nothing after 200 ms.
 */
const AGREES = 0.5;
/** The same for more than 200 ms, where chance agrees less. */
const LONG_LOOK_MS = 200;
const AGREES_LONG = 0.46;
/** On the known way of the echo chance has little room; but who speaks over it makes it agree less than it did. */
const AGREES_ON_KNOWN_WAY = 0.3;
const LEAST_OF_ITS_AGREEMENT = 0.6;
/** Louder than the echo has been by this much (5 dB): somebody speaks over it, or the loudspeaker was turned up, which agrees as before. */
const LOUDER_THAN_ECHO = 3;
const LOUDER_YET_ECHO = 0.8;
/** Fainter than the echo has been by this much (8 dB): the room's answer to it, which agrees with nothing. */
const TAIL = 0.15;
/** Frames come every 20 ms, give or take; after a longer gap those before are no part of the same sound. */
const MOST_FRAME_GAP_MS = 100;
/** Two findings that agree make a way known. */
const SAME_WAY_MS = 12;

interface Slice {
  frame: Buffer;
  atMs: number;
}

interface Found {
  agreement: number;
  lagMs: number;
  /** Power heard for power played. */
  gain: number;
  /** Heard, a sample. */
  power: number;
}

/** The way of an echo, and how it comes. */
interface Way extends Found {
  known: boolean;
}

export class EchoDetector {
  /** By the time at which each is played, or was heard. */
  #played: Slice[] = [];
  #heard: Slice[] = [];
  /** Memory for what is heard: a frame from the wire is gone with the next. */
  #spare: Buffer[] = [];
  #playedUntilMs = -Infinity;
  #way: Way | null = null;

  /** The bot's echo has come back at least twice by the same way. */
  get known(): boolean {
    return this.#way?.known === true;
  }

  /** The sound may still be in the air. */
  mayEchoAt(nowMs: number): boolean {
    return nowMs < this.#playedUntilMs + MOST_LAG_MS;
  }

  played(frame: Buffer, atMs: number): void {
    this.#played.push({ frame, atMs });
    this.#playedUntilMs = atMs + FRAME_MS;
    // What was heard 240 ms ago may have been played 800 ms before.
    const old = this.#played.findIndex((slice) => slice.atMs > atMs - 2 * MOST_LAG_MS);
    if (old > 0) this.#played.splice(0, old);
  }

  /** The network has dropped what it had not played. */
  cut(nowMs: number): void {
    this.#played = this.#played.filter((slice) => slice.atMs <= nowMs);
    this.#playedUntilMs = Math.min(this.#playedUntilMs, nowMs);
  }

  /** The sound is copied. */
  heard(frame: Buffer, atMs: number): void {
    if (!this.mayEchoAt(atMs) || frame.length !== FRAME_BYTES) {
      this.#unhear(this.#heard.length);
      return;
    }
    if (atMs - (this.#heard.at(-1)?.atMs ?? atMs) > MOST_FRAME_GAP_MS) this.#unhear(this.#heard.length);
    else this.#unhear(this.#heard.length - LONGEST_LOOK_MS / FRAME_MS);
    const kept = this.#spare.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES);
    frame.copy(kept);
    this.#heard.push({ frame: kept, atMs });
  }

  #unhear(frames: number): void {
    for (const slice of frames > 0 ? this.#heard.splice(0, frames) : []) this.#spare.push(slice.frame);
  }

  /** Sound without a silent moment until now, as far back as is kept. */
  get loudMs(): number {
    const silent = this.#heard.findLastIndex((slice) => !isLoud(slice.frame));
    return (this.#heard.length - 1 - silent) * FRAME_MS;
  }

  /** Of the last so many milliseconds heard. `anywhere`: by another way than the known one too. */
  isEcho(soundMs: number, { anywhere = false } = {}): boolean {
    const lookMs = Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, soundMs));
    // One frame more than is compared: the filters begin in it.
    const frames = Math.round(lookMs / FRAME_MS) + 1;
    const ear = this.#heard.slice(-frames).map((slice) => slice.frame);
    const last = this.#heard.at(-1);
    if (last === undefined || ear.length * FRAME_MS < LEAST_HEARD_MS || this.#played.length === 0) return false;
    // The network sends nothing while it is silent.
    while (ear.length < frames) ear.unshift(SILENT_FRAME);
    const heard = band(ear).subarray(FRAME_MS * RATE);
    const endMs = last.atMs;
    const known = this.#way?.known === true && !anywhere ? this.#way : null;
    const [from, to] =
      known === null ? [-LAG_SLACK_MS, MOST_LAG_MS] : [known.lagMs - LAG_SLACK_MS, known.lagMs + LAG_SLACK_MS];
    const found = bestAgreement(heard, this.#bandPlayed(endMs - heard.length / RATE - to, endMs - from), to);
    const agrees = found.agreement >= threshold(heard.length / RATE);
    const echo = known === null ? agrees : followsWay(found, known);
    if (echo && agrees) this.#learn(found);
    return echo;
  }

  #learn(found: Found): void {
    const way = this.#way;
    if (way === null || Math.abs(way.lagMs - found.lagMs) > (way.known ? LAG_SLACK_MS : SAME_WAY_MS)) {
      this.#way = { ...found, known: false };
      return;
    }
    const between = (one: number, other: number): number => one + (other - one) / 4;
    this.#way = {
      lagMs: between(way.lagMs, found.lagMs),
      agreement: between(way.agreement, found.agreement),
      gain: between(way.gain, found.gain),
      power: between(way.power, found.power),
      known: true,
    };
  }

  /** Silence where nothing was played. */
  #bandPlayed(fromMs: number, toMs: number): Float32Array {
    const out = new Float32Array(Math.max(0, Math.round((toMs - fromMs) * RATE)));
    const within = this.#played.filter((slice) => slice.atMs + FRAME_MS > fromMs - FRAME_MS && slice.atMs < toMs);
    const first = within[0];
    if (first === undefined) return out;
    const sound = band(within.map((slice) => slice.frame));
    for (const [index, slice] of within.entries()) {
      const at = Math.round((slice.atMs - fromMs) * RATE);
      const piece = sound.subarray(index * FRAME_MS * RATE, (index + 1) * FRAME_MS * RATE);
      const skip = Math.max(0, -at);
      if (skip < piece.length && at + skip < out.length)
        out.set(piece.subarray(skip, Math.min(piece.length, out.length - at)), at + skip);
    }
    return out;
  }
}

const threshold = (lookMs: number): number => (lookMs >= LONG_LOOK_MS ? AGREES_LONG : AGREES);

function followsWay(found: Found, way: Way): boolean {
  if (found.agreement >= LOUDER_YET_ECHO || found.power <= way.power * TAIL) return true;
  return (
    found.agreement >= Math.max(AGREES_ON_KNOWN_WAY, way.agreement * LEAST_OF_ITS_AGREEMENT) &&
    found.gain <= way.gain * LOUDER_THAN_ECHO
  );
}

/** Where in what was played is what was heard? `mostLagMs`: of the first place. */
function bestAgreement(heard: Float32Array, played: Float32Array, mostLagMs: number): Found {
  const length = heard.length;
  const heardPower = powerOf(heard);
  const best: Found = { agreement: 0, lagMs: 0, gain: Infinity, power: heardPower / length };
  let playedPower = powerOf(played.subarray(0, length));
  for (let at = 0; at + length <= played.length; at += 1) {
    if (at > 0) playedPower += (played[at + length - 1] ?? 0) ** 2 - (played[at - 1] ?? 0) ** 2;
    if (playedPower < SILENT_POWER) continue;
    let product = 0;
    for (let index = 0; index < length; index += 1)
      product += (heard[index] as number) * (played[at + index] as number);
    const agreement = Math.abs(product) / Math.sqrt(heardPower * playedPower);
    if (agreement <= best.agreement) continue;
    best.agreement = agreement;
    best.lagMs = mostLagMs - at / RATE;
    best.gain = heardPower / playedPower;
  }
  return best;
}

/** Of samples in ±1: below the quietest that a listener hears. */
const SILENT_POWER = 1e-6;

function powerOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  return power + 1e-12;
}

/** The telephone's band of it, at 4 kHz, its spectrum flattened. */
function band(frames: Buffer[]): Float32Array {
  const out = new Float32Array(frames.length * FRAME_MS * RATE);
  const keep = Math.exp((-2 * Math.PI * LOW_CUT_HZ) / SAMPLE_RATE_HZ);
  let [input, once, twice, sum, before] = [0, 0, 0, 0, 0];
  let taken = 0;
  for (const frame of frames) {
    for (let byte = 0; byte + 1 < frame.length; byte += 2) {
      const sample = frame.readInt16LE(byte) / 32_768;
      const high = keep * (once + sample - input);
      twice = keep * (twice + high - once);
      input = sample;
      once = high;
      sum += twice;
      taken += 1;
      if (taken % DECIMATION !== 0) continue;
      const mean = sum / DECIMATION;
      out[taken / DECIMATION - 1] = mean - PRE_EMPHASIS * before;
      before = mean;
      sum = 0;
    }
  }
  return out;
}
