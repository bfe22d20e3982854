/** Campaigns, contacts and the account's budget of new legs, in MongoDB: single-document writes, a contact's by its revision. */
import type { Collection, Db, Filter } from 'mongodb';
import type { ClaimValues } from '../../domain/claim.ts';
import { grantWithin, type CreationLimit } from '../../domain/pacing.ts';
import type {
  CampaignDocument,
  CampaignStore,
  ContactCount,
  ContactDocument,
  CreationLedger,
  PendingContact,
} from '../campaigns.ts';
import { saveNewest, type StoredCall } from './documents.ts';
import { insertedBy, type Run } from './errors.ts';

type StoredCampaign = CampaignDocument & { _id: string };
type StoredContact = ContactDocument & { _id: string };
/** Not in the campaign's document: that one is shown, and saved by its workflow. */
interface StoredContactKey {
  _id: string;
  key: string;
}
interface StoredLedger {
  _id: string;
  free_at_ms: number;
}

const LIST_MAX = 100;
const OPEN: Filter<StoredContact> = { state: { $in: ['pending', 'needs_zone', 'needs_hours'] } };
const WAITS_FOR_HOURS: Filter<StoredContact>[] = [
  { state: 'pending', waits_for: 'window' },
  { state: 'needs_hours' },
  { state: 'done', disposition: 'never_callable' },
];
/** The embedded server goes through a hundred thousand contacts, or adds a thousand, in one to five seconds, as busy as its machine is. */
const WHOLE_LIST = { timeoutMS: 20_000 };
/** Several processes at the ledger at once; each failure means that another got its grant. */
const LEDGER_TRIES = 50;

export const contactDocumentId = (campaignId: string, contactId: string): string => `${campaignId}:${contactId}`;

export async function createCampaignIndexes(db: Db): Promise<void> {
  await db
    .collection('contacts')
    .createIndexes([
      { key: { campaign_id: 1, state: 1, due_at_ms: 1 } },
      { key: { campaign_id: 1, contact_id: 1 } },
      { key: { campaign_id: 1, batch_id: 1 } },
      { key: { phone_number: 1, state: 1 } },
    ]);
  await db.collection('campaigns').createIndexes([{ key: { created_at: -1 } }]);
}

export function campaignStore(db: Db, run: Run): CampaignStore {
  const campaigns = db.collection<StoredCampaign>('campaigns');
  const contacts = db.collection<StoredContact>('contacts');
  const calls = db.collection<StoredCall>('calls');
  return {
    ...contactKeys(db.collection<StoredContactKey>('contact_keys'), run),
    ...openContacts(contacts, run),
    ...readContacts(contacts, run),
    saveCampaign: (document) =>
      run('saving a campaign', () => saveNewest<StoredCampaign>(campaigns, { _id: document.campaign_id, ...document })),
    findCampaign: (campaignId) =>
      run('reading a campaign', async () => {
        const stored = await campaigns.findOne({ _id: campaignId });
        return stored === null ? null : withoutId(stored);
      }),
    listCampaigns: () =>
      run('listing campaigns', async () =>
        (await campaigns.find().sort({ created_at: -1 }).limit(LIST_MAX).toArray()).map(withoutId),
      ),
    claimsOf: (callIds) =>
      run('reading claims', async () => {
        const found = await calls.find({ _id: { $in: callIds } }, { projection: { claim: 1, synthesis: 1 } }).toArray();
        return new Map<string, { claim: ClaimValues; summary: string | null }>(
          found.map((call) => [call._id, { claim: call.claim, summary: call.synthesis?.short ?? null }]),
        );
      }),
    countLiveCalls: () => run('counting live calls', () => calls.countDocuments({ in_progress: true })),
    quietLiveCalls: ({ beforeMs, limit }) =>
      run('reading quiet calls', async () => {
        const quiet = { in_progress: true, updated_at: { $lt: new Date(beforeMs).toISOString() } };
        const found = await calls
          .find(quiet, { projection: { _id: 1 } })
          .sort({ updated_at: 1 })
          .limit(limit)
          .toArray();
        return found.map(({ _id }) => _id);
      }),
  };
}

function contactKeys(keys: Collection<StoredContactKey>, run: Run) {
  return {
    keepContactKey: ({ campaignId, key }: { campaignId: string; key: string }) =>
      run('keeping a contact key', async () => {
        await insertedBy(keys.insertOne({ _id: campaignId, key }));
      }),
    contactKey: (campaignId: string) =>
      run('reading a contact key', async () => (await keys.findOne({ _id: campaignId }))?.key ?? null),
  };
}

function openContacts(contacts: Collection<StoredContact>, run: Run) {
  return {
    addContacts: (added: ContactDocument[]) =>
      run('adding contacts', async () => {
        if (added.length === 0) return { standing: [] };
        const written = await contacts.bulkWrite(
          added.map((contact) => {
            const _id = contactDocumentId(contact.campaign_id, contact.contact_id);
            return { updateOne: { filter: { _id }, update: { $setOnInsert: contact }, upsert: true } };
          }),
          { ordered: false, ...WHOLE_LIST },
        );
        return {
          standing: added.filter((_, index) => !(index in written.upsertedIds)).map(({ contact_id }) => contact_id),
        };
      }),
    changeContact: (contact: ContactDocument) =>
      run('changing a contact', async () => {
        const _id = contactDocumentId(contact.campaign_id, contact.contact_id);
        const { matchedCount } = await contacts.replaceOne({ _id, revision: contact.revision - 1 }, contact);
        return matchedCount === 1;
      }),
    reopenWindows: ({ campaignId, nowMs }: { campaignId: string; nowMs: number }) =>
      run('reopening windows', async () => {
        await contacts.updateMany(
          { campaign_id: campaignId, $or: WAITS_FOR_HOURS },
          { $set: { state: 'pending', disposition: null, due_at_ms: nowMs }, $inc: { revision: 1 } },
          WHOLE_LIST,
        );
      }),
    cancelOpen: (campaignId: string) =>
      run('cancelling contacts', async () => {
        const { modifiedCount } = await contacts.updateMany(
          { campaign_id: campaignId, ...OPEN },
          { $set: { state: 'done', disposition: 'cancelled' }, $inc: { revision: 1 } },
          WHOLE_LIST,
        );
        return modifiedCount;
      }),
  };
}

function readContacts(contacts: Collection<StoredContact>, run: Run) {
  return {
    findContact: (campaignId: string, contactId: string) =>
      run('reading a contact', async () => {
        const stored = await contacts.findOne({ _id: contactDocumentId(campaignId, contactId) });
        return stored === null ? null : withoutId(stored);
      }),
    findContacts: (campaignId: string, contactIds: string[]) =>
      run('reading contacts', async () => {
        const keys = contactIds.map((contactId) => contactDocumentId(campaignId, contactId));
        return (await contacts.find({ _id: { $in: keys } }).toArray()).map(withoutId);
      }),
    pendingContacts: ({ campaignId, limit }: { campaignId: string; limit: number }) =>
      run('reading pending contacts', () =>
        contacts
          .find({ campaign_id: campaignId, state: 'pending' }, WHOLE_LIST)
          .project<PendingContact>({ _id: 0, contact_id: 1, due_at_ms: 1 })
          .sort({ due_at_ms: 1 })
          .limit(limit)
          .toArray(),
      ),
    claimedBy: ({ campaignId, batchId }: { campaignId: string; batchId: string }) =>
      run('reading claimed contacts', async () => {
        const claimed = { campaign_id: campaignId, batch_id: batchId, state: 'in_flight' as const };
        return (await contacts.find(claimed, WHOLE_LIST).toArray()).map(withoutId);
      }),
    countContacts: (campaignId: string) =>
      run('counting contacts', async () => {
        const groups = await contacts
          .aggregate<{
            _id: { state: ContactCount['state']; disposition: ContactCount['disposition'] };
            count: number;
          }>(
            [
              { $match: { campaign_id: campaignId } },
              { $group: { _id: { state: '$state', disposition: '$disposition' }, count: { $sum: 1 } } },
            ],
            WHOLE_LIST,
          )
          .toArray();
        return groups.map(({ _id, count }) => ({ state: _id.state, disposition: _id.disposition, count }));
      }),
    listContacts: ({ campaignId, state, after, limit }: Parameters<CampaignStore['listContacts']>[0]) =>
      run('listing contacts', async () => {
        const filter: Filter<StoredContact> = {
          campaign_id: campaignId,
          ...(state === undefined ? {} : { state }),
          ...(after === undefined ? {} : { contact_id: { $gt: after } }),
        };
        return (await contacts.find(filter, WHOLE_LIST).sort({ contact_id: 1 }).limit(limit).toArray()).map(withoutId);
      }),
    openContactsOf: (phoneNumber: string) =>
      run('reading the contacts of a number', async () =>
        (await contacts.find({ phone_number: phoneNumber, ...OPEN }, WHOLE_LIST).toArray()).map(withoutId),
      ),
  };
}

/** [PA3] One figure for the account, changed only by whoever read the one before. */
export function creationLedger(
  db: Db,
  run: Run,
  account: { name: string; limit: CreationLimit; nowMs: () => number },
): CreationLedger {
  const ledgers = db.collection<StoredLedger>('creation_ledger');
  const take = async (creations: number, withinMs: number): Promise<number | null> => {
    for (let tries = 0; tries < LEDGER_TRIES; tries += 1) {
      const nowMs = account.nowMs();
      const standing = await ledgers.findOne({ _id: account.name });
      const granted = grantWithin(standing?.free_at_ms ?? 0, { creations, nowMs, withinMs }, account.limit);
      if (granted === null) return null;
      if (await write(standing, granted.freeAtMs)) return granted.startAtMs - nowMs;
    }
    return null;
  };
  const write = async (standing: StoredLedger | null, freeAtMs: number): Promise<boolean> => {
    if (standing !== null) {
      const filter = { _id: account.name, free_at_ms: standing.free_at_ms };
      return (await ledgers.updateOne(filter, { $set: { free_at_ms: freeAtMs } })).matchedCount === 1;
    }
    return await insertedBy(ledgers.insertOne({ _id: account.name, free_at_ms: freeAtMs }));
  };
  return {
    note: (creations) =>
      run('noting new legs', async () => {
        await take(creations, Number.POSITIVE_INFINITY);
      }),
    take: ({ creations, withinMs }) => run('asking for new legs', () => take(creations, withinMs)),
  };
}

function withoutId<Stored extends { _id: unknown }>({ _id, ...document }: Stored): Omit<Stored, '_id'> {
  return document;
}
