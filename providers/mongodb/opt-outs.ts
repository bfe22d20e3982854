/** Wishes not to be called: by number, and for a customer who was erased by a key of it from which nobody learns the number. */
import type { Db, Filter } from 'mongodb';
import type { OptOut, OptOutStore } from '../campaigns.ts';
import { insertedBy, type Run } from './errors.ts';

/** An erased one has no number in it. */
export type StoredOptOut = { _id: string; erased?: true } & Partial<OptOut>;
export type ErasedKeys = (phoneNumber: string) => string[];

const LIST_MAX = 100;

export function optOutStore(db: Db, run: Run, erasedKeys: ErasedKeys): OptOutStore {
  const optOuts = db.collection<StoredOptOut>('opt_outs');
  const of = (phoneNumber: string): Filter<StoredOptOut> => ({
    _id: { $in: [phoneNumber, ...erasedKeys(phoneNumber)] },
  });
  const insert = (stored: StoredOptOut): Promise<boolean> => insertedBy(optOuts.insertOne(stored));
  return {
    addOptOut: (optOut) =>
      run('opting out', async () => {
        if ((await optOuts.findOne(of(optOut.phone_number))) !== null) return false;
        return await insert({ _id: optOut.phone_number, ...optOut });
      }),
    removeOptOut: (phoneNumber) =>
      run('opting in again', async () => (await optOuts.deleteMany(of(phoneNumber))).deletedCount > 0),
    isOptedOut: (phoneNumber) =>
      run('looking for an opt-out', async () => (await optOuts.findOne(of(phoneNumber))) !== null),
    listOptOuts: ({ after, limit }) =>
      run('listing opt-outs', async () => {
        // Numbers begin with a plus, keys of erased ones do not.
        const filter: Filter<StoredOptOut> = { _id: { $gt: after ?? '+', $lt: ',' } };
        const stored = await optOuts.find(filter).sort({ _id: 1 }).limit(Math.min(limit, LIST_MAX)).toArray();
        return stored.map(({ _id, erased, ...optOut }) => optOut as OptOut);
      }),
    forgetNumber: (phoneNumber) =>
      run('keeping an opt-out without its number', async () => {
        const [key] = erasedKeys(phoneNumber);
        if (key === undefined) throw new Error('no secret is configured by which an erased number could be known');
        if ((await optOuts.findOne(of(phoneNumber))) === null) return;
        await insert({ _id: key, erased: true });
        await optOuts.deleteOne({ _id: phoneNumber });
      }),
  };
}
