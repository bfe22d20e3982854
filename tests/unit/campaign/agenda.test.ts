import { expect, test } from 'vitest';
import { Agenda, AgendaPages } from '../../../activities/campaign-agenda.ts';
import { asCampaignId } from '../../../domain/ids.ts';
import type { CampaignStore, ContactDocument } from '../../../providers/campaigns.ts';
import { contactOf, phoneNumbers } from '../../kit/call-centre.ts';
import { createMemoryCampaigns } from '../../kit/memory-campaigns.ts';

const campaignId = asCampaignId('spring');
const NOW_MS = 1_000_000;

class Listed {
  readonly store = createMemoryCampaigns().campaigns;
  readonly pages = new AgendaPages();
  reads = 0;
  readonly counting: CampaignStore = {
    ...this.store,
    pendingContacts: (query) => {
      this.reads += 1;
      return this.store.pendingContacts(query);
    },
  };

  async add(numbers: string[], dueAtMs = NOW_MS): Promise<void> {
    await this.store.addContacts(numbers.map((number) => contactOf(campaignId, number, { due_at_ms: dueAtMs })));
  }

  run(pages = this.pages): Agenda {
    return new Agenda(this.counting, { campaignId, pages });
  }

  /** As the dialling activity takes them. */
  async take(agenda: Agenda, limit: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < limit) {
      const contact = await agenda.next(NOW_MS);
      if (contact === null) break;
      if (await this.change(contact, { state: 'in_flight' })) taken.push(contact.contact_id);
      else agenda.outdated();
    }
    return taken;
  }

  change(contact: ContactDocument, change: Partial<ContactDocument>): Promise<boolean> {
    return this.store.changeContact({ ...contact, ...change, revision: contact.revision + 1 });
  }

  async changeOf(number: string, change: Partial<ContactDocument>): Promise<void> {
    const contact = await this.store.findContact(campaignId, number);
    if (contact === null || !(await this.change(contact, change))) throw new Error('not changed');
  }
}

test('[CG1] one reading of the list serves many batches, and each contact is given once', async () => {
  const list = new Listed();
  const numbers = phoneNumbers(4_500);
  await list.add(numbers);
  const taken: string[] = [];
  for (let batch = 0; batch < 200; batch += 1) {
    const agenda = list.run();
    taken.push(...(await list.take(agenda, 25)));
    await agenda.nextDueMs(NOW_MS);
  }
  expect(taken).toEqual(numbers);
  // Three pages of it, and one in each of the twenty batches that found nobody.
  expect(list.reads).toBeLessThanOrEqual(24);
});

test('[CG1] who was taken by another process since, opted out or taken off the list is not given', async () => {
  const list = new Listed();
  const numbers = phoneNumbers(100);
  await list.add(numbers);
  const elsewhere = new AgendaPages();
  const both: string[][] = [[], []];
  for (let batch = 0; batch < 5; batch += 1) {
    both[0]?.push(...(await list.take(list.run(), 10)));
    both[1]?.push(...(await list.take(list.run(elsewhere), 9)));
  }
  await list.changeOf(numbers[95] ?? '', { state: 'done', disposition: 'opted_out' });
  expect((await list.take(list.run(), 10)).length).toBe(4);
  const all = both.flat();
  expect(all).toHaveLength(95);
  expect(new Set(all).size).toBe(95);
  // Each process read the list once, and at its end once more.
  expect(list.reads).toBe(3);
});

test('[CG1] whoever is due again or was added since is found once nobody older is due', async () => {
  const list = new Listed();
  const [first = '', second = '', later = ''] = phoneNumbers(3);
  await list.add([first]);
  await list.add([later], NOW_MS + 60_000);
  const agenda = list.run();
  expect(await list.take(agenda, 5)).toEqual([first]);
  expect(await agenda.nextDueMs(NOW_MS)).toBe(NOW_MS + 60_000);
  await list.changeOf(first, { state: 'pending', due_at_ms: NOW_MS - 5 });
  await list.add([second]);
  expect(await list.run().nextDueMs(NOW_MS)).toBe(NOW_MS - 5);
  expect(await list.take(list.run(), 5)).toEqual([first, second]);
});

test('[CG1] a contact that was changed meanwhile is looked at anew; one put off counts for what is next', async () => {
  const list = new Listed();
  const [number = ''] = phoneNumbers(1);
  await list.add([number]);
  const agenda = list.run();
  const stale = await agenda.next(NOW_MS);
  await list.changeOf(number, { variables: { name: 'Ann' } });
  expect(stale !== null && (await list.change(stale, { state: 'in_flight' }))).toBe(false);
  agenda.outdated();
  const again = await agenda.next(NOW_MS);
  expect(again?.variables).toEqual({ name: 'Ann' });
  agenda.postponed(NOW_MS + 9_000);
  expect(await agenda.nextDueMs(NOW_MS)).toBe(NOW_MS + 9_000);
});

test('[PA1] whoever got no leg is the first of the next batch', async () => {
  const list = new Listed();
  const numbers = phoneNumbers(3);
  await list.add(numbers);
  const agenda = list.run();
  const first = await agenda.next(NOW_MS);
  if (first === null) throw new Error('nobody is due');
  agenda.giveBack(first);
  expect(await list.take(list.run(), 9)).toEqual(numbers);
});
