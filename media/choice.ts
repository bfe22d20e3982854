/** Several services for one thing: whose turn it is to be asked, for all calls of the process. The first is preferred as long as it works. */
import { ProviderError } from '../providers/provider-error.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Breaker, Failing, Standing } from './breaker.ts';
import type { Pacer } from './pacer.ts';

export interface ChoiceKit {
  breaker: Breaker;
  pacer: Pacer;
  log: Logger;
}

/** `ears` and `voice` of one vendor fail by themselves. */
export type Part = 'ears' | 'voice';

/** [ST124] A request that is refused says something about its language or voice, nothing about the next one's. */
const OF_THE_LANGUAGE: ReadonlySet<string> = new Set(['bad_request', 'not_found']);

const ORDER: readonly Standing[] = ['sound', 'on_trial', 'resting', 'off'];

export class Choice<Service extends { readonly name: string }> {
  readonly #part: Part;
  readonly #services: readonly Service[];
  readonly #kit: ChoiceKit;
  readonly #onTrial = new Set<Service>();
  /** Counts failures: who has looked at the standings need not look again before this has changed. */
  failures = 0;

  constructor(part: Part, services: readonly Service[], kit: ChoiceKit) {
    this.#part = part;
    this.#services = services;
    this.#kit = kit;
  }

  /** The likeliest to work first; among equals as they were given. */
  inOrder(language: string): Service[] {
    const rank = (service: Service): number => ORDER.indexOf(this.standing(service, language));
    return [...this.#services].sort((a, b) => rank(a) - rank(b));
  }

  standing(service: Service, language: string): Standing {
    const { breaker, pacer } = this.#kit;
    const standings = this.#keys(service, language).map((key) => breaker.standing(key, pacer.nowMs()));
    return ORDER.findLast((standing) => standings.includes(standing)) ?? 'sound';
  }

  /**
   * [ST123] A service preferred to `chosen` that may work again: to be tried where it costs the customer nothing. One try at a time;
   * `over` ends it.
   */
  trial(chosen: Service, language: string): { service: Service; over: () => void } | null {
    const before = this.#services.slice(0, this.#services.indexOf(chosen));
    const service = before.find((each) => this.standing(each, language) === 'on_trial');
    if (service === undefined || this.#onTrial.has(service)) return null;
    this.#onTrial.add(service);
    return { service, over: () => this.#onTrial.delete(service) };
  }

  succeeded(service: Service, language: string): void {
    if (this.standing(service, language) !== 'sound')
      this.#kit.log.info({ service: service.name, part: this.#part }, 'a speech service works again');
    for (const key of this.#keys(service, language)) this.#kit.breaker.succeeded(key);
  }

  failed(service: Service, language: string, how: unknown): void {
    const { breaker, pacer, log } = this.#kit;
    const kind = how instanceof ProviderError ? how.kind : how === 'silence' ? 'timeout' : 'vendor_fault';
    log.warn(
      { service: service.name, part: this.#part, kind, language, ...(how instanceof Error ? { err: how } : {}) },
      'a speech service has failed',
    );
    this.failures += 1;
    const [everywhere, here] = this.#keys(service, language);
    breaker.failed(OF_THE_LANGUAGE.has(kind) ? here : everywhere, failing(how), pacer.nowMs());
  }

  #keys(service: Service, language: string): [string, string] {
    return [`${this.#part}:${service.name}`, `${this.#part}:${service.name}:${language}`];
  }
}

function failing(how: unknown): Failing {
  if (how === 'silence') return { how: 'silence' };
  if (!(how instanceof ProviderError)) return { how: 'error', retryAfterMs: null };
  const hopeless = how.kind === 'credentials' || OF_THE_LANGUAGE.has(how.kind);
  return { how: 'error', retryAfterMs: hopeless ? Infinity : how.retryAfterMs };
}
