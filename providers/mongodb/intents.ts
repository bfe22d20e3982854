/** Intents in MongoDB: one document each, which the first to insert it owns. */
import type { Db } from 'mongodb';
import type { Intents } from '../intents.ts';
import { insertedBy, type Run } from './errors.ts';

interface StoredIntent {
  _id: string;
  done: boolean;
  begun_at: Date;
}

/** Longer than any activity is tried again. */
const LIFE_S = 7 * 24 * 3_600;
const NAME = 'intents';

export async function createIntentIndexes(db: Db): Promise<void> {
  await db.collection(NAME).createIndexes([{ key: { begun_at: 1 }, expireAfterSeconds: LIFE_S }]);
}

export function intentStore(db: Db, run: Run): Intents {
  const intents = db.collection<StoredIntent>(NAME);
  return {
    begin: (key) =>
      run('beginning an intent', async () => {
        if (await insertedBy(intents.insertOne({ _id: key, done: false, begun_at: new Date() }))) return 'begun';
        return (await intents.findOne({ _id: key }))?.done === true ? 'done' : 'open';
      }),
    finish: (key) =>
      run('settling an intent', async () => {
        await intents.updateOne({ _id: key }, { $set: { done: true } });
      }),
    withdraw: (key) =>
      run('withdrawing an intent', async () => {
        await intents.deleteOne({ _id: key, done: false });
      }),
  };
}
