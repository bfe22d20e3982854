/** How many calls are under way in the house. */
import type { CampaignStore } from '../providers/campaigns.ts';

/** A count goes through every call there ever was, in a store without indexes. */
const OLD_AFTER_MS = 1_000;

/** Counted once a second; those that this process began since are added. */
export class LiveCalls {
  readonly #campaigns: CampaignStore;
  #count = 0;
  #countedAtMs = Number.NEGATIVE_INFINITY;

  constructor(campaigns: CampaignStore) {
    this.#campaigns = campaigns;
  }

  async count(): Promise<number> {
    if (performance.now() - this.#countedAtMs > OLD_AFTER_MS) {
      this.#count = await this.#campaigns.countLiveCalls();
      this.#countedAtMs = performance.now();
    }
    return this.#count;
  }

  begun(): void {
    this.#count += 1;
  }
}
