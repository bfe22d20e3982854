/** How many calls are under way in the house. */
import { asCallId, type CallId } from '../domain/ids.ts';
import type { CampaignStore } from '../providers/campaigns.ts';
import type { CallStore } from '../providers/store.ts';
import { closeGoneCall } from './gone-calls.ts';

/** A count goes through every call there ever was, in a store without indexes. */
const OLD_AFTER_MS = 1_000;
/** A question to the server for each of them. */
const LOOKED_AT = 20;
const LOOK_EVERY_MS = 60_000;
/** A call is saved at its turns and phases; who is silent for longer is asked for by the call itself. */
const QUIET_MS = 10 * 60_000;

/** Calls whose workflow is no more, though their record says otherwise, closed in it; how many they were. */
export type CloseGoneCalls = (look: { nowMs: number }) => Promise<number>;

export interface GoneCallDeps {
  store: Pick<CallStore, 'findCall' | 'saveCall'>;
  campaigns: Pick<CampaignStore, 'quietLiveCalls'>;
  callRuns: (callId: CallId) => Promise<boolean>;
}

/** [LN14] Where the line that would have noted it was ended with its call. */
export function closingGoneCalls({ store, campaigns, callRuns }: GoneCallDeps): CloseGoneCalls {
  return async ({ nowMs }) => {
    let closed = 0;
    for (const id of await campaigns.quietLiveCalls({ beforeMs: nowMs - QUIET_MS, limit: LOOKED_AT })) {
      if (await callRuns(asCallId(id))) continue;
      if (await closeGoneCall(store, { callId: asCallId(id), nowMs })) closed += 1;
    }
    return closed;
  };
}

/** Counted once a second; those that this process began since are added. */
export class LiveCalls {
  readonly #campaigns: Pick<CampaignStore, 'countLiveCalls'>;
  readonly #closeGone: CloseGoneCalls;
  #count = 0;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(campaigns: Pick<CampaignStore, 'countLiveCalls'>, closeGone: CloseGoneCalls) {
    this.#campaigns = campaigns;
    this.#closeGone = closeGone;
  }

  /** With `places` taken it makes sure that they are. */
  async count({ places, nowMs }: { places: number; nowMs: number }): Promise<number> {
    if (performance.now() - this.#countedAtMs > OLD_AFTER_MS) await this.#recount();
    if (this.#count >= places && performance.now() - this.#lookedAtMs > LOOK_EVERY_MS) {
      this.#lookedAtMs = performance.now();
      if ((await this.#closeGone({ nowMs })) > 0) await this.#recount();
    }
    return this.#count;
  }

  begun(): void {
    this.#count += 1;
  }

  async #recount(): Promise<void> {
    this.#count = await this.#campaigns.countLiveCalls();
    this.#countedAtMs = performance.now();
  }
}
