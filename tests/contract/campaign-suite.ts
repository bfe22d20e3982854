/** What every keeper of campaigns and opt-outs promises; each test has a campaign of its own. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newProgress } from '../../domain/campaign-contact.ts';
import { SHIPPED_RETRY_PLAN } from '../../domain/campaign-retry.ts';
import { asE164 } from '../../domain/ids.ts';
import type { CampaignDocument, CampaignStore, ContactDocument, OptOutStore } from '../../providers/campaigns.ts';

interface Keeper {
  campaigns: CampaignStore;
  optOuts: OptOutStore;
}

const freshNumber = (): string => `+1${String(Math.floor(2_000_000_000 + Math.random() * 7_000_000_000))}`;

const aCampaign = (change: Partial<CampaignDocument> = {}): CampaignDocument => ({
  campaign_id: randomUUID(),
  version: 1,
  name: 'Spring',
  status: 'draft',
  reason: null,
  settings: {
    initiate: {
      botCompany: 'Contoso',
      botName: 'Amelie',
      task: 'Help.',
      operatorNumber: null,
      claim: [],
      language: 'en-US',
      speechSpeed: 1,
      scenario: null,
    },
    greeting: 'Hello {{first.name}} $1',
    botNumber: asE164('+447700900001'),
    windows: null,
    concurrency: 10,
    attemptsPerMinute: null,
    retry: SHIPPED_RETRY_PLAN,
    voicemail: { do: 'hang_up' },
    breaker: { of: 20, share: 0.5, probeAfterMin: 10 },
  },
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  ...change,
});

export const aContact = (
  campaign_id: string,
  contact_id: string,
  change: Partial<ContactDocument> = {},
): ContactDocument => ({
  ...newProgress({ country: 'GB', zones: ['Europe/London'], hours: null, dueAtMs: 1_000 }),
  campaign_id,
  contact_id,
  phone_number: freshNumber(),
  language: null,
  variables: { first_name: 'Ann' },
  claim: {},
  ...change,
});

export function campaignSuite(keeper: () => Keeper): void {
  const lists = (): CampaignStore => keeper().campaigns;

  test('[DS2] a campaign is read back as saved, and an older version changes nothing', async () => {
    const campaign = aCampaign({ version: 3, status: 'running' });
    await lists().saveCampaign(campaign);
    await lists().saveCampaign({ ...campaign, version: 2, status: 'draft' });
    expect(await lists().findCampaign(campaign.campaign_id)).toEqual(campaign);
    expect(await lists().findCampaign('none')).toBeNull();
  });

  test('[ER6] the first key of a campaign stays; a campaign of before has none', async () => {
    const campaignId = randomUUID();
    expect(await lists().contactKey(campaignId)).toBeNull();
    await lists().keepContactKey({ campaignId, key: 'first' });
    await lists().keepContactKey({ campaignId, key: 'second' });
    expect(await lists().contactKey(campaignId)).toBe('first');
  });

  test('[CG1] a contact added twice is there once; the ids of those that stood come back', async () => {
    const id = randomUUID();
    expect(await lists().addContacts([aContact(id, 'a'), aContact(id, 'b')])).toEqual({ standing: [] });
    expect(await lists().addContacts([aContact(id, 'b', { variables: {} }), aContact(id, 'c')])).toEqual({
      standing: ['b'],
    });
    expect((await lists().listContacts({ campaignId: id, limit: 10 })).map((one) => one.contact_id)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect((await lists().findContact(id, 'b'))?.variables).toEqual({ first_name: 'Ann' });
  });

  test('[CG1] of many who change one revision, one does', async () => {
    const id = randomUUID();
    await lists().addContacts([aContact(id, 'a')]);
    const changes = await Promise.all(
      Array.from({ length: 8 }, (_, tries) => lists().changeContact(aContact(id, 'a', { revision: 2, tries }))),
    );
    expect(changes.filter((done) => done)).toHaveLength(1);
    expect(await lists().changeContact(aContact(id, 'none', { revision: 2 }))).toBe(false);
  });

  test('[CG1] pending contacts come longest due first; they and those of a batch are found again', async () => {
    const id = randomUUID();
    await lists().addContacts([
      aContact(id, 'late', { due_at_ms: 30 }),
      aContact(id, 'soon', { due_at_ms: 10 }),
      aContact(id, 'ahead', { due_at_ms: 99 }),
      aContact(id, 'live', { due_at_ms: 1, state: 'in_flight', batch_id: 'b1' }),
      aContact(id, 'asks', { due_at_ms: 1, state: 'needs_zone' }),
    ]);
    expect(await lists().pendingContacts({ campaignId: id, limit: 2 })).toEqual([
      { contact_id: 'soon', due_at_ms: 10 },
      { contact_id: 'late', due_at_ms: 30 },
    ]);
    expect(await lists().pendingContacts({ campaignId: id, limit: 10 })).toHaveLength(3);
    expect(await lists().pendingContacts({ campaignId: randomUUID(), limit: 1 })).toEqual([]);
    const found = await lists().findContacts(id, ['late', 'nobody', 'live']);
    expect(found.map((one) => one.contact_id).sort()).toEqual(['late', 'live']);
    expect(found.find((one) => one.contact_id === 'late')).toEqual(await lists().findContact(id, 'late'));
    expect((await lists().claimedBy({ campaignId: id, batchId: 'b1' })).map((one) => one.contact_id)).toEqual(['live']);
    expect(
      (await lists().listContacts({ campaignId: id, state: 'pending', after: 'ahead', limit: 1 })).map(
        (one) => one.contact_id,
      ),
    ).toEqual(['late']);
  });

  test('[CG6] contacts are counted by state and disposition', async () => {
    const id = randomUUID();
    await lists().addContacts([
      aContact(id, 'a'),
      aContact(id, 'b'),
      aContact(id, 'c', { state: 'done', disposition: 'busy' }),
    ]);
    const counts = await lists().countContacts(id);
    expect(counts).toHaveLength(2);
    expect(counts).toContainEqual({ state: 'pending', disposition: null, count: 2 });
    expect(counts).toContainEqual({ state: 'done', disposition: 'busy', count: 1 });
  });

  test('[CG2] windows are opened anew and open contacts cancelled, and neither meets an older change', async () => {
    const id = randomUUID();
    const waiting = aContact(id, 'w', { waits_for: 'window', due_at_ms: 900 });
    await lists().addContacts([waiting, aContact(id, 'r', { waits_for: 'retry', due_at_ms: 900 })]);
    await lists().reopenWindows({ campaignId: id, nowMs: 5 });
    expect((await lists().pendingContacts({ campaignId: id, limit: 1 })).map((one) => one.contact_id)).toEqual(['w']);
    expect(await lists().changeContact({ ...waiting, revision: 2 })).toBe(false);
    expect(await lists().cancelOpen(id)).toBe(2);
    expect(await lists().findContact(id, 'r')).toMatchObject({ state: 'done', disposition: 'cancelled' });
  });

  test('[CH6] who could not be called at any hour is looked at anew with other windows, or cancelled', async () => {
    const id = randomUUID();
    await lists().addContacts([
      aContact(id, 'h', { state: 'needs_hours' }),
      aContact(id, 'n', { state: 'done', disposition: 'never_callable' }),
      aContact(id, 'd', { state: 'done', disposition: 'busy' }),
    ]);
    await lists().reopenWindows({ campaignId: id, nowMs: 5 });
    expect((await lists().pendingContacts({ campaignId: id, limit: 9 })).map((one) => one.contact_id).sort()).toEqual([
      'h',
      'n',
    ]);
    expect(await lists().findContact(id, 'n')).toMatchObject({ disposition: null, due_at_ms: 5 });
    await lists().addContacts([aContact(id, 'again', { state: 'needs_hours' })]);
    expect(await lists().cancelOpen(id)).toBe(3);
  });

  test('[OO3] open contacts of a number are found in every campaign; an opt-out stands once and can be taken back', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const phone_number = freshNumber();
    await lists().addContacts([
      aContact(one, 'x', { phone_number }),
      aContact(other, 'x', { phone_number, state: 'needs_zone' }),
      aContact(randomUUID(), 'x', { phone_number, state: 'done', disposition: 'busy' }),
    ]);
    expect((await lists().openContactsOf(phone_number)).map((each) => each.campaign_id).sort()).toEqual(
      [one, other].sort(),
    );
    const { optOuts } = keeper();
    const wish = { phone_number, source: 'sms' as const, reason: null, at: '2026-01-01T00:00:00.000Z' };
    expect(await optOuts.isOptedOut(phone_number)).toBe(false);
    expect(await optOuts.addOptOut(wish)).toBe(true);
    expect(await optOuts.addOptOut({ ...wish, source: 'api' })).toBe(false);
    expect(await optOuts.isOptedOut(phone_number)).toBe(true);
    expect(await optOuts.listOptOuts({ limit: 100 })).toContainEqual(wish);
    expect(await optOuts.removeOptOut(phone_number)).toBe(true);
    expect(await optOuts.removeOptOut(phone_number)).toBe(false);
  });
}
