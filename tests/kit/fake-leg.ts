/** A leg on a bench: the network's play-out buffer, a customer with a voice, a call that remembers what it was told. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { claimSchema } from '../../domain/claim.ts';
import { defaultFlags, type FlagValues } from '../../domain/flags.ts';
import { newFacts } from '../../domain/document.ts';
import { asCallId, asConnectId, asE164, asHostId, asTurnId, type CallId } from '../../domain/ids.ts';
import type { ConversationFacts, Opening } from '../../domain/conversation.ts';
import { factsAfterHearing } from '../../domain/dialog-hearing.ts';
import { guidanceFor } from '../../domain/dialog.ts';
import type { Initiate } from '../../domain/initiate.ts';
import { Breaker } from '../../media/breaker.ts';
import type { CallLink } from '../../media/call-link.ts';
import type { Equipment } from '../../media/equipment.ts';
import { FRAME_BYTES, FRAME_MS } from '../../media/frames.ts';
import { Session, type LegSocket, type LegStart } from '../../media/session.ts';
import { vadByLoudness, type VadModel } from '../../media/vad.ts';
import { createVoice } from '../../media/voice.ts';
import type { Llm } from '../../providers/llm.ts';
import type { Recognizer } from '../../providers/stt.ts';
import type { Synthesizer } from '../../providers/tts.ts';
import type { MediaMeter } from '../../telemetry/media-meter.ts';
import type { AnswerTurnInput, AttachRequest, MediaSeed, TurnRequest } from '../../workflows/call/messages.ts';
import { FakeLlm } from './fake-llm.ts';
import { FakeRecognizer, FakeSynthesizer, strangeFrame } from './fake-speech.ts';
import { TestClock } from './test-clock.ts';

export const initiate: Initiate = {
  botCompany: 'Contoso',
  botName: 'Amelie',
  task: 'Help.',
  operatorNumber: null,
  claim: claimSchema([]),
  language: 'en-US',
  speechSpeed: 1,
  scenario: null,
};

export function seedWith(opening: Opening, callId: CallId = asCallId('c-1')): MediaSeed {
  return {
    callId,
    initiate,
    facts: newFacts(initiate, null),
    transcript: [],
    recap: null,
    opening,
    customerNumber: asE164('+447700900111'),
    botNumber: asE164('+447700900001'),
    reason: null,
    returningCaller: false,
  };
}

/** Temporal, as far as a leg sees it. */
export class FakeCallLink implements CallLink {
  seed: MediaSeed | null = seedWith({ kind: 'none' });
  readonly attaches: AttachRequest[] = [];
  readonly turns: TurnRequest[] = [];
  readonly opened: string[] = [];
  /** While it is set, nothing is answered. */
  away: Promise<void> | null = null;
  #back: () => void = () => undefined;

  goAway(): void {
    this.away = new Promise((resolve) => (this.#back = resolve));
  }

  comeBack(): void {
    this.away = null;
    this.#back();
  }

  async attach(_: CallId, request: () => AttachRequest): Promise<MediaSeed | null> {
    await this.away;
    this.attaches.push(request());
    return this.seed;
  }

  async commit(_: CallId, request: TurnRequest): Promise<'accepted' | 'refused'> {
    await this.away;
    this.turns.push(request);
    return 'accepted';
  }

  async open(proposed: CallId): Promise<CallId> {
    await this.away;
    this.opened.push(proposed);
    return proposed;
  }
}

/** Plays what it gets in real time, echoes marks when they are reached, forgets at `clear`. */
export class FakeNetwork implements LegSocket {
  readonly #queue: (Buffer | Record<string, unknown>)[] = [];
  readonly sent: Buffer[] = [];
  readonly words: Record<string, unknown>[] = [];
  onWord: (word: Record<string, unknown>) => void = () => undefined;
  playedMs = 0;
  cleared = 0;
  /** What came out of the loudspeaker at each beat; null = nothing. */
  readonly played: (Buffer | null)[] = [];
  closed = false;

  sendFrame(frame: Buffer): void {
    if (frame.length !== FRAME_BYTES) throw new Error(`a frame of ${String(frame.length)} bytes`);
    this.sent.push(frame);
    this.#queue.push(frame);
  }

  sendWord(word: Record<string, unknown>): void {
    this.words.push(word);
    if (word['action'] === 'clear') {
      this.cleared += 1;
      this.#queue.length = 0;
    } else this.#queue.push(word);
  }

  close(): void {
    this.closed = true;
  }

  get bufferedMs(): number {
    return this.#queue.filter(Buffer.isBuffer).length * FRAME_MS;
  }

  beat(): void {
    this.#echo();
    const next = this.#queue[0];
    this.played.push(Buffer.isBuffer(next) ? next : null);
    if (Buffer.isBuffer(next)) {
      this.#queue.shift();
      this.playedMs += FRAME_MS;
    }
    this.#echo();
  }

  #echo(): void {
    for (let next = this.#queue[0]; next !== undefined && !Buffer.isBuffer(next); next = this.#queue[0]) {
      this.#queue.shift();
      this.onWord({ event: 'websocket:notify', payload: next['payload'] });
    }
  }
}

export interface LegOptions {
  opening?: Opening;
  start?: Partial<LegStart>;
  flags?: Partial<FlagValues>;
  /** A speakerphone. */
  echo?: { delayMs: number; gain: number };
  vad?: VadModel;
  synthesizer?: Synthesizer;
  recognizer?: Recognizer;
  model?: Llm;
  /** Where vendors go by the same one. */
  clock?: TestClock;
  meter?: MediaMeter;
  /** Before the leg begins. */
  arrange?: (bench: { link: FakeCallLink; synthesizer: FakeSynthesizer }) => void;
}

export class FakeLeg {
  readonly clock: TestClock;
  readonly network = new FakeNetwork();
  readonly recognizer = new FakeRecognizer();
  readonly synthesizer = new FakeSynthesizer();
  readonly link = new FakeCallLink();
  readonly fast = new FakeLlm('fast');
  readonly fallback = new FakeLlm('fallback');
  readonly rules = new FakeLlm('rules');
  readonly session: Session;
  readonly equipment: Equipment;
  /** What the customer says in a voice of its own, frame by frame. */
  readonly speech: Buffer[] = [];
  #customer: 'silent' | 'speaks' = 'silent';
  #facts: ConversationFacts | null = null;

  constructor(options: LegOptions = {}) {
    this.clock = options.clock ?? new TestClock();
    const { clock, link } = this;
    // Thinking early asks the model before a test has scripted its answer: who wants it says so.
    const flags = { ...defaultFlags(), early_thinking: false, ...options.flags };
    this.equipment = {
      hostId: asHostId('host-1'),
      pacer: clock,
      vad: options.vad ?? vadByLoudness,
      recognizer: options.recognizer ?? this.recognizer,
      voice: createVoice(options.synthesizer ?? this.synthesizer, new Map()),
      brain: {
        fast: options.model ?? this.fast,
        slow: null,
        fallback: this.fallback,
        rules: this.rules,
        breaker: new Breaker(),
      },
      prompt: { tools: () => [], maxTokens: 200, placeOf: () => ({ zone: 'Europe/London', country: 'GB' }) },
      link,
      flags: () => flags,
      initiateFor: () => initiate,
      log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      ...(options.meter === undefined ? {} : { meter: options.meter }),
    };
    link.seed = seedWith(options.opening ?? { kind: 'none' });
    options.arrange?.({ link, synthesizer: this.synthesizer });
    this.session = new Session(
      { callId: asCallId('c-1'), connectId: asConnectId('k-1'), provisional: null, prepared: null, ...options.start },
      this.network,
      this.equipment,
    );
    this.network.onWord = (word) => {
      this.session.onWord(word);
    };
    const strange = strangeFrame();
    clock.each(() => {
      this.network.beat();
      const said = this.speech.shift() ?? (this.#customer === 'speaks' ? strange : null);
      const frame = mixed(said, this.#echoed(options.echo));
      if (frame !== null) this.session.onFrame(frame);
    });
  }

  #echoed(echo: LegOptions['echo']): Buffer | null {
    const played = echo === undefined ? null : (this.network.played.at(-1 - echo.delayMs / FRAME_MS) ?? null);
    return echo === undefined || played === null ? null : fainter(played, echo.gain);
  }

  /** Sound for that long; the words come as interims, one every 200 ms, as recognisers send them. */
  async says(words: string, options: { ms?: number; interims?: boolean } = {}): Promise<void> {
    const parts = words.split(' ');
    const ms = options.ms ?? Math.max(300, parts.length * 250);
    this.#customer = 'speaks';
    for (let spokenMs = 0; spokenMs < ms; spokenMs += 100) {
      await this.clock.advance(100);
      if (options.interims === false || spokenMs % 200 !== 100) continue;
      const heard = parts.slice(0, Math.ceil((parts.length * (spokenMs + 100)) / ms)).join(' ');
      if (heard !== '') this.recognizer.current.interim(heard);
    }
    if (options.interims !== false && words !== '') this.recognizer.current.interim(words);
    this.#customer = 'silent';
  }

  /** Sound without words. */
  async makesNoise(ms: number): Promise<void> {
    await this.says('', { ms, interims: false });
  }

  /** What the call would ask after `takeTurn`. */
  answer(over: Partial<AnswerTurnInput> = {}, cancelled: AbortSignal = new AbortController().signal) {
    const turn = this.link.turns.at(-1);
    return this.session.answer(
      {
        callId: asCallId('c-1'),
        connectId: asConnectId('k-1'),
        turnId: turn?.turnId ?? asTurnId(randomUUID()),
        round: 0,
        utterance: turn?.utterance ?? '',
        via: turn?.via ?? 'speech',
        facts: null,
        toolResults: [],
        say: null,
        guidance: null,
        allowTools: true,
        ...over,
      },
      cancelled,
    );
  }

  /** As the workflow asks after `takeTurn`: facts and guidance by the rules of the dialogue. */
  answerAsTheCall(over: Partial<AnswerTurnInput> = {}, cancelled?: AbortSignal) {
    const schema = initiate.claim;
    const before = this.#facts ?? this.link.seed?.facts ?? seedWith({ kind: 'none' }).facts;
    const facts = factsAfterHearing(before, this.link.turns.at(-1)?.utterance ?? '', schema);
    this.#facts = facts;
    const guidance = guidanceFor(facts.dialogState, { intent: facts.intent, schema, claim: facts.claim });
    return this.answer({ facts, guidance, ...over }, cancelled);
  }

  /** Says it and waits for the commit. */
  async saysAndCommits(words: string): Promise<TurnRequest> {
    const before = this.link.turns.length;
    await this.says(words);
    await this.clock.advanceUntil('a commit', () => this.link.turns.length > before);
    const turn = this.link.turns.at(-1);
    if (turn === undefined) throw new Error('no turn');
    return turn;
  }
}

function mixed(one: Buffer | null, other: Buffer | null): Buffer | null {
  if (one === null || other === null) return one ?? other;
  const both = Buffer.from(one);
  for (let byte = 0; byte < both.length; byte += 2)
    both.writeInt16LE(Math.max(-32_768, Math.min(32_767, one.readInt16LE(byte) + other.readInt16LE(byte))), byte);
  return both;
}

function fainter(frame: Buffer, gain: number): Buffer {
  const faint = Buffer.alloc(frame.length);
  for (let byte = 0; byte < frame.length; byte += 2)
    faint.writeInt16LE(Math.round(frame.readInt16LE(byte) * gain), byte);
  return faint;
}
