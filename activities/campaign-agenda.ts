/**
 * Whom a campaign rings next. One read of the list serves many batches: each contact is read anew right before it is rung and taken by its
 * revision, so an agenda that is out of date costs a look and rings nobody wrongly. What it says about later is never older than the run that asks.
 */
import type { CampaignId } from '../domain/ids.ts';
import type { CampaignStore, ContactDocument, PendingContact } from '../providers/campaigns.ts';

/** Minutes of ringing at any pace; some 100 bytes each. */
const ENTRIES = 2_000;
/** Contacts that were added or given a zone since need not wait for its end. */
const OLD_AFTER_MS = 60_000;
/** About as many as one run of the dialling activity begins. */
const LOOKED_AT_ONCE = 25;

interface Page {
  entries: PendingContact[];
  /** The list goes on behind it. */
  more: boolean;
  readAtMs: number;
}

/** What one process knows of the campaigns that it rings for. */
export class AgendaPages {
  readonly #pages = new Map<CampaignId, Page>();

  /** Null = none, or an old one. */
  of(campaignId: CampaignId): Page | null {
    for (const [id, { readAtMs }] of this.#pages)
      if (performance.now() - readAtMs > OLD_AFTER_MS) this.#pages.delete(id);
    return this.#pages.get(campaignId) ?? null;
  }

  keep(campaignId: CampaignId, page: Page): void {
    this.#pages.set(campaignId, page);
  }
}

/** For one run of the dialling activity. */
export class Agenda {
  readonly #campaigns: CampaignStore;
  readonly #campaignId: CampaignId;
  readonly #pages: AgendaPages;
  #page: Page | null;
  /** The page was read by this run, and nothing is known to have changed since that it does not say. */
  #isFresh = false;
  /** As they stood at the last look; null = gone from the list. */
  readonly #looked = new Map<string, ContactDocument | null>();
  #postponedToMs: number | null = null;

  constructor(campaigns: CampaignStore, { campaignId, pages }: { campaignId: CampaignId; pages: AgendaPages }) {
    this.#campaigns = campaigns;
    this.#campaignId = campaignId;
    this.#pages = pages;
    this.#page = pages.of(campaignId);
  }

  /** Pending and due; null = nobody else is. */
  async next(nowMs: number): Promise<ContactDocument | null> {
    for (;;) {
      const page = this.#page ?? (await this.#read());
      const [head] = page.entries;
      if (head === undefined || head.due_at_ms > nowMs) {
        if (this.#isFresh && !(head === undefined && page.more)) return null;
        await this.#read();
        continue;
      }
      const contact = this.#looked.get(head.contact_id);
      if (contact === undefined) {
        await this.#look(page.entries.slice(0, LOOKED_AT_ONCE));
        continue;
      }
      page.entries.shift();
      this.#looked.delete(head.contact_id);
      if (contact?.state !== 'pending') continue;
      if (contact.due_at_ms <= nowMs) return contact;
      this.postponed(contact.due_at_ms);
    }
  }

  /** Whoever it gave was left as they were. */
  giveBack({ contact_id, due_at_ms }: ContactDocument): void {
    this.#page?.entries.unshift({ contact_id, due_at_ms });
  }

  /** Whoever it gave is pending still, till later. */
  postponed(dueAtMs: number): void {
    this.#postponedToMs = Math.min(this.#postponedToMs ?? dueAtMs, dueAtMs);
  }

  /** Whoever it gave was changed by somebody else meanwhile. */
  outdated(): void {
    this.#isFresh = false;
    this.#page = null;
    this.#looked.clear();
  }

  /** When the next pending contact is due; null = none is pending. */
  async nextDueMs(nowMs: number): Promise<number | null> {
    const isTrue = ({ entries: [head], more }: Page): boolean =>
      head === undefined ? this.#isFresh && !more : this.#isFresh || head.due_at_ms <= nowMs;
    const page = this.#page !== null && isTrue(this.#page) ? this.#page : await this.#read();
    const dueAtMs = page.entries[0]?.due_at_ms ?? null;
    if (dueAtMs === null) return this.#postponedToMs;
    return Math.min(dueAtMs, this.#postponedToMs ?? dueAtMs);
  }

  async #read(): Promise<Page> {
    const entries = await this.#campaigns.pendingContacts({ campaignId: this.#campaignId, limit: ENTRIES });
    const page = { entries, more: entries.length === ENTRIES, readAtMs: performance.now() };
    this.#pages.keep(this.#campaignId, page);
    this.#page = page;
    this.#isFresh = true;
    this.#postponedToMs = null;
    return page;
  }

  async #look(entries: readonly PendingContact[]): Promise<void> {
    const ids = entries.map(({ contact_id }) => contact_id);
    const found = await this.#campaigns.findContacts(this.#campaignId, ids);
    for (const id of ids) this.#looked.set(id, null);
    for (const contact of found) this.#looked.set(contact.contact_id, contact);
  }
}
