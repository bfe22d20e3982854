/** What is kept of a customer, over all collections: shown, erased by number, erased by age. */
import type { Collection, Db, Document, Filter } from 'mongodb';
import type { AgingKind } from '../../domain/retention.ts';
import type { CustomerRecords, CustomerStore, ErasedRecords } from '../customers.ts';
import type { CampaignDocument, ContactDocument } from '../campaigns.ts';
import type { StoredCall, StoredCallback } from './documents.ts';
import type { Run } from './errors.ts';
import { textIds, type TextIds } from './texts.ts';

type StoredContact = ContactDocument & { _id: string };
interface StoredErasure extends Document {
  _id: string;
  at: string;
}

/** Ids in one filter: some 40 bytes each, and an expression each for those that are looked for by their beginning. */
const AT_ONCE = 100;

export async function createCustomerIndexes(db: Db): Promise<void> {
  await db.collection('calls').createIndexes([{ key: { updated_at: 1 } }]);
  await db.collection('callbacks').createIndexes([{ key: { updated_at: 1 } }]);
}

export function customerStore(db: Db, run: Run): CustomerStore {
  const calls = db.collection<StoredCall>('calls');
  const callbacks = db.collection<StoredCallback>('callbacks');
  const contacts = db.collection<StoredContact>('contacts');
  const erasures = db.collection<StoredErasure>('erasures');
  const recordsOf = async (phone_number: string): Promise<CustomerRecords> => ({
    calls: (await calls.find({ phone_number }).sort({ created_at: -1 }).toArray()).map((call) => ({
      call_id: call.call_id,
      created_at: call.created_at,
      direction: call.direction,
      phase: call.phase,
      disposition: call.disposition,
      legs: call.legs.length,
      crm_customer_id: call.crm.customer_id,
    })),
    reminders: (await callbacks.find({ phone_number }).sort({ due_at: 1 }).toArray()).map((each) => ({
      callback_id: each.callback_id,
      title: each.title,
      status: each.status,
      due_date_time: each.due_date_time,
    })),
    contacts: (await contacts.find({ phone_number }).toArray()).map(({ campaign_id, state, disposition }) => ({
      campaign_id,
      state,
      disposition,
    })),
  });
  return {
    recordsOf: (phoneNumber) => run('reading what is kept of a customer', () => recordsOf(phoneNumber)),
    erase: (phone_number) =>
      run('erasing a customer', async () => {
        const texts = textIds(await calls.find({ phone_number }, { projection: { messages: 1 } }).toArray());
        const ids = [
          ...(await calls.distinct('_id', { phone_number })),
          ...(await callbacks.distinct('_id', { phone_number })),
        ];
        return {
          ...(await eraseBeside(db, ids, texts)),
          calls: (await calls.deleteMany({ phone_number })).deletedCount,
          reminders: (await callbacks.deleteMany({ phone_number })).deletedCount,
          campaign_contacts: (await contacts.deleteMany({ phone_number })).deletedCount,
        };
      }),
    noteErasure: ({ erasure_id, ...note }) =>
      run('noting an erasure', async () => {
        await erasures.insertOne({ _id: erasure_id, ...note });
      }),
    eraseOlder: (kind, { atMs, limit }) =>
      run(`erasing old ${kind}`, () => eraseOld(db, kind, { before: new Date(atMs).toISOString(), limit })),
  };
}

async function eraseOld(
  db: Db,
  kind: AgingKind,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  switch (kind) {
    case 'calls':
      return await eraseCalls(db, { before, limit });
    case 'reminders':
      return await eraseFirst(
        db.collection<StoredCallback>('callbacks'),
        { status: { $in: ['done', 'cancelled', 'failed'] }, updated_at: { $lt: before } },
        limit,
      );
    case 'campaign_contacts':
      return await eraseFirst(
        db.collection<StoredContact>('contacts'),
        { state: 'done', campaign_id: { $in: await endedCampaigns(db, before) } },
        limit,
      );
    case 'erasures':
      return await eraseFirst(db.collection<StoredErasure>('erasures'), { at: { $lt: before } }, limit);
  }
}

/** What names a call or a promise and holds no number itself. */
async function eraseBeside(
  db: Db,
  ids: readonly string[],
  texts: TextIds,
): Promise<Pick<ErasedRecords, 'text_reports' | 'intents' | 'idempotency_keys'>> {
  const reports = await db
    .collection<{ _id: string; ref: string | null }>('text_reports')
    .deleteMany({ $or: [{ _id: { $in: texts.ids } }, { ref: { $in: texts.refs } }] });
  let [intents, keys] = [0, 0];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    const begun = new RegExp(`^sms:(?:${some.map((id) => id.replace(/[^\w-]/g, '\\$&')).join('|')})/`);
    intents += (await db.collection<{ _id: string }>('intents').deleteMany({ _id: begun })).deletedCount;
    keys += (await db.collection('idempotency_keys').deleteMany({ call_id: { $in: some } })).deletedCount;
  }
  return { text_reports: reports.deletedCount, intents, idempotency_keys: keys };
}

/** A call that never closed was ended by force; nothing is live for so long. */
async function eraseCalls(db: Db, { before, limit }: { before: string; limit: number }): Promise<number> {
  const calls = db.collection<StoredCall>('calls');
  const old = await calls
    .find({ updated_at: { $lt: before } }, { projection: { _id: 1, messages: 1 } })
    .sort({ updated_at: 1 })
    .limit(limit)
    .toArray();
  const ids = old.map(({ _id }) => _id);
  if (ids.length === 0) return 0;
  await eraseBeside(db, ids, textIds(old));
  return (await calls.deleteMany({ _id: { $in: ids } })).deletedCount;
}

async function endedCampaigns(db: Db, before: string): Promise<string[]> {
  return await db
    .collection<CampaignDocument & { _id: string }>('campaigns')
    .distinct('_id', { status: { $in: ['completed', 'stopped'] }, updated_at: { $lt: before } });
}

async function eraseFirst<Stored extends Document & { _id: string }>(
  collection: Collection<Stored>,
  filter: Filter<Stored>,
  limit: number,
): Promise<number> {
  const found = await collection
    .find(filter, { projection: { _id: 1 } })
    .limit(limit)
    .toArray();
  const ids = found.map(({ _id }) => _id);
  if (ids.length === 0) return 0;
  return (await collection.deleteMany({ _id: { $in: ids } } as unknown as Filter<Stored>)).deletedCount;
}
