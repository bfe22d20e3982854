/**
 * [ST121, ST122] Several synthesisers as one. Who has no first sound in time is joined by the next, and whoever sounds first says the sentence; one
 * that breaks off in mid-sentence is not repeated, the next sentence goes to another.
 */
import { ProviderError } from '../providers/provider-error.ts';
import type { Synthesizer, Utterable } from '../providers/tts.ts';
import { Choice, type ChoiceKit } from './choice.ts';

/** A first sound comes within 300 ms as a rule; together with the other's this is still a breath, not a break. */
const JOINED_AFTER_MS = 1_500;
/** A service on trial speaks to nobody: it may take as long as a sentence is given at all. */
const TRIAL_MS = 4_000;

export function failOverSynthesizer(services: readonly Synthesizer[], kit: ChoiceKit): Synthesizer {
  const choice = new Choice('voice', services, kit);
  const mouths = new Mouths(choice, services, kit);
  return {
    name: services.map(({ name }) => name).join(', else '),
    synthesize: (utterable, signal) => mouths.say(utterable, signal),
  };
}

interface Attempt {
  service: Synthesizer;
  sound: AsyncIterator<Buffer>;
  abort: AbortController;
  /** Never rejects. */
  first: Promise<First>;
}

type First = { attempt: Attempt; piece: Buffer | null; error: null } | { attempt: Attempt; error: unknown };

class Mouths {
  readonly #choice: Choice<Synthesizer>;
  readonly #preferred: Synthesizer | undefined;
  readonly #kit: ChoiceKit;

  constructor(choice: Choice<Synthesizer>, services: readonly Synthesizer[], kit: ChoiceKit) {
    this.#choice = choice;
    this.#preferred = services[0];
    this.#kit = kit;
  }

  async *say(utterable: Utterable, signal: AbortSignal): AsyncGenerator<Buffer> {
    signal.throwIfAborted();
    const { language } = utterable;
    const left = this.#choice.inOrder(language).filter((service) => this.#choice.standing(service, language) !== 'off');
    const running: Attempt[] = [];
    try {
      const first = await this.#firstToSound({ utterable, signal, left, running });
      const { attempt } = first;
      this.#try(attempt.service, utterable);
      // Asked first and still silent when another spoke; who was asked later has had no time.
      for (const other of running.slice(0, running.indexOf(attempt))) this.#passOver(other, language);
      try {
        for (let piece = first.piece; piece !== null; piece = await nextOf(attempt)) yield piece;
      } catch (error) {
        // Stopped by the listener; a stall that the listener noticed is the service's own.
        if (!(signal.reason instanceof ProviderError)) signal.throwIfAborted();
        this.#choice.failed(attempt.service, language, error);
        throw error;
      }
      this.#choice.succeeded(attempt.service, language);
    } finally {
      for (const attempt of running) attempt.abort.abort();
    }
  }

  async #firstToSound(asking: {
    utterable: Utterable;
    signal: AbortSignal;
    left: Synthesizer[];
    running: Attempt[];
  }): Promise<Extract<First, { error: null }>> {
    const { utterable, signal, left, running } = asking;
    let error: unknown = new ProviderError('synthesis', 'unreachable', { message: 'every service is out of order' });
    for (;;) {
      const next = left.shift();
      if (next !== undefined) running.push(this.#begin(next, utterable, signal));
      if (running.length === 0) throw error;
      const first = await this.#soonest(running, left.length > 0);
      signal.throwIfAborted();
      if (first === 'late') continue;
      if (first.error === null) return first as Extract<First, { error: null }>;
      running.splice(running.indexOf(first.attempt), 1);
      this.#choice.failed(first.attempt.service, utterable.language, first.error);
      error = first.error;
    }
  }

  /** Whoever has something to tell, or that it takes too long where somebody else could be asked. */
  #soonest(running: Attempt[], impatient: boolean): Promise<First | 'late'> {
    if (!impatient) return Promise.race(running.map((attempt) => attempt.first));
    let callOff: () => void = () => undefined;
    const late = new Promise<'late'>((resolve) => {
      callOff = this.#kit.pacer.after(JOINED_AFTER_MS, () => {
        resolve('late');
      });
    });
    return Promise.race([...running.map((attempt) => attempt.first), late]).finally(callOff);
  }

  #begin(service: Synthesizer, utterable: Utterable, signal: AbortSignal): Attempt {
    const abort = new AbortController();
    const sounding = service.synthesize(this.#asSaidBy(service, utterable), AbortSignal.any([signal, abort.signal]));
    const sound = sounding[Symbol.asyncIterator]();
    const attempt: Attempt = { service, sound, abort, first: Promise.resolve({} as First) };
    attempt.first = nextOf(attempt).then(
      (piece) => ({ attempt, piece, error: null }),
      (error: unknown) => ({ attempt, error: error ?? new Error('failed without a reason') }),
    );
    return attempt;
  }

  /** [ST125] A voice's name means something to its own vendor only. */
  #asSaidBy(service: Synthesizer, utterable: Utterable): Utterable {
    return service === this.#preferred ? utterable : { ...utterable, voice: null };
  }

  #passOver({ service, abort }: Attempt, language: string): void {
    abort.abort();
    const late = new ProviderError(service.name, 'timeout', { message: 'another service was faster by far' });
    this.#choice.failed(service, language, late);
  }

  /** [ST123] A preferred service that may work again says the sentence to nobody. */
  #try(chosen: Synthesizer, utterable: Utterable): void {
    const trial = this.#choice.trial(chosen, utterable.language);
    if (trial === null) return;
    const late = new AbortController();
    const callOff = this.#kit.pacer.after(TRIAL_MS, () => {
      late.abort(new ProviderError(trial.service.name, 'timeout', { message: 'no sound on trial' }));
    });
    const attempt = this.#begin(trial.service, utterable, late.signal);
    void attempt.first.then((first) => {
      callOff();
      trial.over();
      attempt.abort.abort();
      if (first.error === null) this.#choice.succeeded(trial.service, utterable.language);
      else this.#choice.failed(trial.service, utterable.language, first.error);
    });
  }
}

async function nextOf({ sound }: Attempt): Promise<Buffer | null> {
  const next = await sound.next();
  return next.done === true ? null : next.value;
}
