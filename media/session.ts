/** One live leg: its socket, ears and mouth, the conversation as far as this host knows it, and its line to the call. */
import { phrase, type PhraseKind } from '../domain/phrases.ts';
import { sentencesOf } from '../domain/sentences.ts';
import type { CallId, ConnectId } from '../domain/ids.ts';
import type { HeardReport } from '../domain/conversation.ts';
import type { Initiate } from '../domain/initiate.ts';
import type { AnswerTurnInput, AnswerTurnOutcome, CarryLegOutcome, MediaSeed } from '../workflows/call/messages.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Provisional } from './call-link.ts';
import { BargeIn } from './barge-in.ts';
import { Commits } from './commits.ts';
import { Ears } from './ears.ts';
import { EchoDetector } from './echo.ts';
import { thinkersOf, type Equipment } from './equipment.ts';
import { Memory } from './memory.ts';
import { watchedVoice } from './leg-voice.ts';
import { Mouth, type Line } from './mouth.ts';
import { greetingOf, OpeningWords } from './opening.ts';
import { nobodyThere, Replies } from './replies.ts';
import type { Manner } from './speech.ts';
import { TurnTaker, wordless, type Utterance } from './turn-taker.ts';

export interface LegSocket extends Line {
  close(): void;
}

export interface LegStart {
  callId: CallId;
  connectId: ConnectId;
  provisional: Provisional | null;
  /** Synthesised while it rang. */
  prepared: { text: string; manner: Manner } | null;
}

export type LegEnd = CarryLegOutcome['endedBy'];

/** The call answers within 50 ms as a rule; a caller may wait a second for the first word, and synthesis wants most of it. */
const GREET_ALONE_AFTER_MS = 300;
/** Without words of our own to greet with: the caller hears that somebody is there. */
const ONE_MOMENT_AFTER_MS = 2_000;
/** What was said last is still committed after the socket has closed; beyond this nobody answers. */
const LAST_WORDS_MS = 10_000;
/** A caller who hung up while Temporal was away is still recorded as a call. */
const LATE_OPENING_MS = 600_000;

export class Session {
  readonly connectId: ConnectId;
  readonly ended: Promise<LegEnd>;
  #callId: CallId;
  readonly #kit: Equipment;
  readonly #socket: LegSocket;
  readonly #start: LegStart;
  readonly #log: Logger;
  readonly #ears: Ears;
  readonly #echo = new EchoDetector();
  readonly #mouth: Mouth;
  readonly #turns: TurnTaker;
  readonly #commits: Commits;
  readonly #opening: OpeningWords;
  readonly #attached: Promise<boolean>;
  readonly #lateStop = new AbortController();
  readonly #stop = new AbortController();
  #resolveAttached: (known: boolean) => void = () => undefined;
  #resolveEnded: (end: LegEnd) => void = () => undefined;
  #end: LegEnd | null = null;
  #memory: Memory | null = null;
  #replies: Replies | null = null;
  readonly #heard: HeardReport[] = [];
  #manner: Manner;
  /** Since when the customer has waited for an answer; what is said meanwhile ("are you there?") does not start the wait anew. */
  #unansweredSinceMs: number | null = null;
  #asides = 0;
  readonly #callOff: (() => void)[] = [];

  constructor(start: LegStart, socket: LegSocket, kit: Equipment) {
    this.connectId = start.connectId;
    this.#callId = start.callId;
    this.#start = start;
    this.#kit = kit;
    this.#socket = socket;
    this.#log = kit.log.child({ callId: start.callId, connectId: start.connectId });
    const initiate = this.#ownInitiate();
    this.#manner = start.prepared?.manner ?? { language: initiate.language, speed: initiate.speechSpeed };
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#attached = new Promise((resolve) => (this.#resolveAttached = resolve));
    const voice = watchedVoice(kit.voice, (trouble) => {
      this.#loseVoice(trouble);
    });
    this.#mouth = new Mouth(socket, { voice, pacer: kit.pacer, log: this.#log, echo: this.#echo }, (report) => {
      this.#noteHeard(report);
    });
    this.#ears = new Ears({
      recognizer: kit.recognizer,
      pacer: kit.pacer,
      log: this.#log,
      vad: kit.vad.newEar(),
      threshold: () => kit.flags().vad_threshold,
      mayEcho: (atMs) => this.#echo.mayEchoAt(atMs),
      // Not in the midst of what the turn-taker is doing: a recogniser may answer while it is being asked.
      onWords: () => {
        queueMicrotask(() => {
          if (this.#end === null) this.#turns.beat(kit.pacer.nowMs());
        });
      },
    });
    this.#opening = new OpeningWords({
      connectId: this.connectId,
      log: this.#log,
      say: (text, turnId) => {
        this.#sayAll(text, { turnId, aside: false });
      },
    });
    this.#commits = this.#newCommits();
    this.#turns = this.#newTurnTaker(kit.pacer.nowMs());
    this.#callOff.push(
      kit.pacer.each((nowMs) => {
        this.#ears.beat(nowMs);
        this.#turns.beat(nowMs);
        this.#mouth.beat(nowMs);
      }),
      kit.pacer.after(GREET_ALONE_AFTER_MS, () => {
        this.#greetAlone();
      }),
      kit.pacer.after(ONE_MOMENT_AFTER_MS, () => {
        if (this.#memory === null && this.#opening.alone === null) this.#aside('one_moment');
      }),
    );
    void this.#attach().catch((error: unknown) => {
      if (!this.#lateStop.signal.aborted) this.#log.error({ err: error }, 'the leg could not be attached to its call');
    });
  }

  get callId(): CallId {
    return this.#callId;
  }

  /* ---- from the socket ---- */

  onFrame(frame: Buffer): void {
    this.#echo.heard(frame, this.#kit.pacer.nowMs());
    // [EP38] Who takes turns is told at once, not at the next beat.
    if (this.#ears.onFrame(frame) && this.#end === null) this.#turns.beat(this.#kit.pacer.nowMs());
  }

  onWord(word: Record<string, unknown>): void {
    if (word['event'] === 'websocket:dtmf' && typeof word['digit'] === 'string')
      this.#turns.onDigit(word['digit'], this.#kit.pacer.nowMs());
    else if (word['event'] === 'websocket:notify') this.#mouth.heardMark(word['payload']);
  }

  onClosed(end: 'network' | 'fault'): void {
    this.#finish(end);
  }

  /* ---- from the call ---- */

  async answer(input: AnswerTurnInput, cancelled: AbortSignal): Promise<AnswerTurnOutcome> {
    // The call asks only after it has been attached; the seed may be a round trip behind.
    await Promise.race([this.#attached, this.ended]);
    if (this.#replies === null || this.#end !== null) return nobodyThere(input);
    if (input.facts !== null) this.#adopt({ language: input.facts.language, speed: input.facts.speechSpeed });
    this.#unansweredSinceMs ??= this.#kit.pacer.nowMs();
    this.#commits.answerBegins(input.turnId);
    const outcome = await this.#replies.answer(input, cancelled);
    // Also when there was nothing to say: what comes next is waited for anew.
    if (outcome.ended === 'played') this.#unansweredSinceMs = null;
    return outcome;
  }

  /** Reports that no commit has carried. */
  takeHeard(): HeardReport[] {
    return this.#heard.splice(0).map((report) => this.#opening.named(report));
  }

  /** [ET34] Of replies that were begun early and that no turn has told. */
  takeEarlyCosts(): CarryLegOutcome['early'] {
    return this.#replies?.early.takeCosts();
  }

  close(end: LegEnd): void {
    this.#finish(end);
    this.#socket.close();
  }

  /* ---- within ---- */

  async #attach(): Promise<void> {
    const { link, hostId } = this.#kit;
    if (this.#start.provisional !== null)
      this.#callId = await link.open(this.#start.callId, this.#start.provisional, this.#lateStop.signal);
    const request = () => ({ connectId: this.connectId, hostId, spokeAlone: this.#opening.alone });
    const seed = await link.attach(this.#callId, request, this.#stop.signal);
    if (seed === null) {
      this.#resolveAttached(false);
      this.#log.warn('no call wants this leg');
      this.close('gone');
      return;
    }
    this.#seeded(seed);
  }

  #seeded(seed: MediaSeed): void {
    this.#adopt({ language: seed.facts.language, speed: seed.facts.speechSpeed }, [
      seed.initiate.botCompany,
      seed.initiate.botName,
      seed.facts.customerName ?? '',
    ]);
    const memory = new Memory(seed);
    this.#memory = memory;
    this.#replies = new Replies({
      memory,
      mouth: this.#mouth,
      pacer: this.#kit.pacer,
      log: this.#log,
      settings: this.#kit.prompt,
      thinking: () => thinkersOf(this.#kit.brain, this.#kit.flags()),
      limits: () => {
        const { answer_soft_timeout_sec: soft, answer_hard_timeout_sec: hard } = this.#kit.flags();
        const waitedMs = this.#unansweredSinceMs === null ? 0 : this.#kit.pacer.nowMs() - this.#unansweredSinceMs;
        return { softMs: soft * 1_000, hardMs: Math.max(0, hard * 1_000 - waitedMs) };
      },
      onSaid: () => (this.#unansweredSinceMs = null),
      timingOf: (turnId) => this.#commits.timingOf(turnId),
      aside: (kind) => {
        this.#aside(kind);
      },
      excuse: () => phrase('error', this.#manner.language),
      whenStuck: () => phrase('going_in_circles', this.#manner.language, { pick: this.#asides }),
      thinksEarly: () => this.#kit.flags().early_thinking,
    });
    if (this.#end === null) this.#opening.say(seed.opening, memory);
    this.#resolveAttached(true);
  }

  /** The greeting waits for nobody: what was prepared, or for a call that could not be opened our template. */
  #greetAlone(): void {
    if (this.#memory !== null || this.#end !== null) return;
    const ownGreeting = this.#start.provisional === null ? null : greetingOf(this.#ownInitiate());
    const text = this.#start.prepared?.text ?? ownGreeting;
    this.#adopt(this.#manner);
    if (text !== null) this.#opening.sayAlone(text);
  }

  #ownInitiate(): Initiate {
    return this.#kit.initiateFor(this.#start.provisional?.to ?? null);
  }

  #adopt(manner: Manner, hints: string[] = []): void {
    this.#manner = manner;
    this.#ears.listenFor({ language: manner.language, hints: hints.filter((hint) => hint !== '') });
  }

  #sayAll(text: string, who: { turnId: string; aside: boolean }): void {
    const speech = this.#mouth.begin({ ...who, keep: true });
    for (const sentence of sentencesOf(text, this.#manner.language)) speech.say(sentence, this.#manner);
    speech.end();
  }

  #aside(kind: PhraseKind): void {
    this.#asides += 1;
    const text = phrase(kind, this.#manner.language, { pick: this.#asides - 1 });
    this.#sayAll(text, { turnId: `aside:${String(this.#asides)}`, aside: true });
  }

  #loseVoice(trouble: 'excuse' | 'give_up'): void {
    if (trouble === 'excuse' && this.#end === null) this.#aside('technical_trouble');
    else if (this.#end === null) this.#commit(wordless('mute', this.#kit.pacer.nowMs()));
  }

  #newTurnTaker(nowMs: number): TurnTaker {
    const answering = (): boolean => this.#commits.pending || this.#replies?.running === true;
    const { flags, meter } = this.#kit;
    const about = { ears: this.#ears, mouth: this.#mouth, flags, answering };
    const language = (): string => this.#manner.language;
    const bargeIn = new BargeIn({ ...about, language, echo: this.#echo, log: this.#log, meter });
    return new TurnTaker(
      {
        ...about,
        bargeIn,
        language,
        asked: () => this.#memory?.lastWords ?? '',
        think: (heard, pause) => {
          if (heard === null) this.#replies?.early.forget();
          else if (!this.#commits.pending) this.#replies?.early.consider(heard, pause);
        },
        commit: (utterance) => {
          this.#commit(utterance);
        },
      },
      nowMs,
    );
  }

  #newCommits(): Commits {
    return new Commits({
      connectId: this.connectId,
      pacer: this.#kit.pacer,
      send: async (request) => {
        if (!(await this.#attached)) return 'refused';
        return await this.#kit.link.commit(this.#callId, request, this.#stop.signal);
      },
      takeHeard: () => this.takeHeard(),
      onWait: () => {
        this.#aside('waiting');
      },
      onRefused: () => {
        this.#log.warn('the call has refused a turn');
      },
      onFault: (error) => {
        if (!this.#stop.signal.aborted) this.#log.error({ err: error }, 'a turn could not be committed');
      },
    });
  }

  #commit(given: Utterance): void {
    const utterance: Utterance = given.via === 'noise' && this.#ears.lost ? { ...given, via: 'deaf' } : given;
    this.#log.info({ via: utterance.via, pii: { utterance: utterance.utterance } }, 'the customer’s turn is over');
    // Older turns give way before the mouth is stopped: they are overtaken, not talked over.
    this.#replies?.overtake(this.#commits.unanswered);
    this.#mouth.interrupt();
    if (utterance.via !== 'speech' || this.#commits.pending) this.#replies?.early.forget();
    else this.#replies?.early.committed(utterance.utterance);
    this.#commits.add(utterance);
  }

  #noteHeard(report: HeardReport): void {
    this.#heard.push(report);
    this.#memory?.noteHeard(this.#opening.named(report));
  }

  #finish(end: LegEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    for (const callOff of this.#callOff) callOff();
    this.#ears.stop();
    this.#mouth.fallSilent();
    this.#commits.stop();
    this.#replies?.early.forget();
    const { pacer } = this.#kit;
    pacer.after(LAST_WORDS_MS, () => {
      this.#stop.abort(new Error('the leg has ended'));
    });
    pacer.after(this.#start.provisional === null ? 0 : LATE_OPENING_MS, () => {
      this.#lateStop.abort(new Error('the leg has ended'));
    });
    this.#resolveEnded(end);
  }
}
