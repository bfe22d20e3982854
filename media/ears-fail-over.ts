/**
 * [ST119] Several recognisers as one. A stream that fails sends the next one, which `Recognition` opens at once and lets hear the kept sound
 * again, to another service. The preferred one comes back when it has understood a customer beside the other, unheard by anybody.
 * [ST120] A service that was deaf to something is blamed for it once another has understood the same: it may have been no speech.
 */
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../providers/stt.ts';
import { Choice, type ChoiceKit } from './choice.ts';

/** Asked for its final, a service that lives has answered by then; the turn-taker waits 1.5 s. */
const SILENT_AFTER_HALF_CLOSE_MS = 1_000;

export function failOverRecognizer(services: readonly Recognizer[], kit: ChoiceKit): Recognizer {
  const choice = new Choice('ears', services, kit);
  const deaf: Opening['deaf'] = { last: null };
  return {
    name: services.map(({ name }) => name).join(', else '),
    open: (options, onEvent) => new ChosenStream({ choice, deaf, options, onEvent, nowMs: () => kit.pacer.nowMs() }),
  };
}

interface Opening {
  choice: Choice<Recognizer>;
  /** Left by the stream whose place the next one takes, at once. */
  deaf: { last: Recognizer | null };
  options: RecognizerOptions;
  onEvent: (event: RecognizerEvent) => void;
  nowMs: () => number;
}

interface Listening {
  service: Recognizer;
  stream: RecognizerStream;
  /** An interim or a final, words or none: somebody listens. */
  answered: boolean;
  words: boolean;
}

class ChosenStream implements RecognizerStream {
  readonly #opening: Opening;
  readonly #chosen: Listening;
  #trial: (Listening & { over: () => void }) | null = null;
  #halfClosedAtMs: number | null = null;
  #over = false;
  #failuresSeen: number;
  /** Heard nothing of what this stream is given. */
  #suspect: Recognizer | null;

  constructor(opening: Opening) {
    this.#opening = opening;
    const { choice, options } = opening;
    this.#failuresSeen = choice.failures;
    this.#suspect = options.after === 'deaf' ? opening.deaf.last : null;
    const [likeliest, ...others] = choice.inOrder(options.language);
    const another = others.find((each) => choice.standing(each, options.language) !== 'off');
    const service = likeliest === this.#suspect ? (another ?? likeliest) : likeliest;
    if (service === undefined) throw new Error('no recogniser was given');
    this.#chosen = this.#listen(service, (event) => {
      this.#heard(event);
    });
    const trial = choice.trial(service, options.language);
    if (trial !== null)
      this.#trial = {
        ...this.#listen(trial.service, (event) => {
          this.#triedHeard(event);
        }),
        over: trial.over,
      };
  }

  write(pcm: Buffer): void {
    if (this.#over) return;
    if (this.#opening.choice.failures !== this.#failuresSeen && this.#hasLostItsService()) {
      this.#leave();
      return;
    }
    this.#chosen.stream.write(pcm);
    this.#trial?.stream.write(pcm);
  }

  halfClose(): void {
    if (this.#over) return;
    this.#halfClosedAtMs = this.#opening.nowMs();
    this.#chosen.stream.halfClose();
    this.#trial?.stream.halfClose();
  }

  abort(why?: 'deaf'): void {
    if (this.#over) return;
    this.#over = true;
    this.#chosen.stream.abort(why);
    const silentForMs = this.#halfClosedAtMs === null ? 0 : this.#opening.nowMs() - this.#halfClosedAtMs;
    const mute = !this.#chosen.answered && silentForMs >= SILENT_AFTER_HALF_CLOSE_MS;
    if (mute) this.#failed(this.#chosen, 'silence');
    else if (why === 'deaf') this.#opening.deaf.last = this.#chosen.service;
    this.#endTrial();
  }

  /** [ST120] Opened before its service was found to be deaf, and as deaf as that. */
  #hasLostItsService(): boolean {
    const { choice, options } = this.#opening;
    this.#failuresSeen = choice.failures;
    const { service, answered } = this.#chosen;
    if (answered || choice.standing(service, options.language) !== 'off') return false;
    const [best] = choice.inOrder(options.language);
    return best !== undefined && best !== service && choice.standing(best, options.language) !== 'off';
  }

  /** Over as if its time were: the next stream hears again what this one had got. */
  #leave(): void {
    this.#over = true;
    this.#chosen.stream.abort();
    this.#endTrial();
    this.#opening.onEvent({ type: 'closed', expected: true, error: null });
  }

  #listen(service: Recognizer, onEvent: (event: RecognizerEvent) => void): Listening {
    return { service, stream: service.open(this.#opening.options, onEvent), answered: false, words: false };
  }

  #heard(event: RecognizerEvent): void {
    if (this.#over) return;
    if (event.type === 'interim' || event.type === 'final') this.#understood(this.#chosen, event);
    if (event.type === 'closed') {
      this.#over = true;
      if (!event.expected || event.error !== null) this.#failed(this.#chosen, event.error);
      this.#endTrial();
    }
    this.#opening.onEvent(event);
  }

  #triedHeard(event: RecognizerEvent): void {
    const trial = this.#trial;
    if (trial === null) return;
    if (event.type === 'interim' || event.type === 'final') this.#understood(trial, event);
    if (event.type === 'closed' && (!event.expected || event.error !== null)) this.#failed(trial, event.error);
    if (event.type === 'closed' || trial.words) {
      this.#trial = null;
      trial.over();
      if (event.type !== 'closed') trial.stream.abort();
    }
  }

  /** What the one understood and the other did not hear at all is a failure of the other. */
  #endTrial(): void {
    const trial = this.#trial;
    if (trial === null) return;
    this.#trial = null;
    trial.over();
    trial.stream.abort();
    if (this.#chosen.words) this.#failed(trial, 'silence');
  }

  #understood(listening: Listening, { text }: { text: string }): void {
    listening.answered = true;
    if (text === '' || listening.words) return;
    listening.words = true;
    const { choice, options } = this.#opening;
    choice.succeeded(listening.service, options.language);
    if (this.#suspect !== null && this.#suspect !== listening.service)
      choice.failed(this.#suspect, options.language, 'silence');
    this.#suspect = null;
  }

  #failed({ service }: Listening, how: unknown): void {
    this.#opening.choice.failed(service, this.#opening.options.language, how);
  }
}
