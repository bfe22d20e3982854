/** The store on MongoDB. Connects at first use and at every later one until it succeeds; callers learn within 2 s that it is away. */
import { MongoClient, type Collection, type Db, type Filter } from 'mongodb';
import { ProviderError } from '../provider-error.ts';
import type { CreationLimit } from '../../domain/pacing.ts';
import type { CreationLedger } from '../campaigns.ts';
import type { Intents } from '../intents.ts';
import type { CallbackDocument, CallbackStore, CallStore, FlagStore, IdempotencyStore, Store } from '../store.ts';
import { campaignStore, createCampaignIndexes, creationLedger } from './campaigns.ts';
import { createCustomerIndexes, customerStore } from './customers.ts';
import {
  saveNewest,
  fieldKey,
  settledNotes,
  withLiveTurns,
  type StoredCall,
  type StoredCallback,
  type StoredFlags,
  type StoredKey,
} from './documents.ts';
import { asProvider, insertedBy, type Run } from './errors.ts';
import { createIntentIndexes, intentStore } from './intents.ts';
import { optOutStore, type ErasedKeys } from './opt-outs.ts';
import { createTextIndexes, textStore, withReports } from './texts.ts';

/** Below every caller's own budget but the media host's (200 ms, which aborts by itself): Temporal retries the rest. */
const SELECTION_MS = 2_000;
/** A server that took the request and froze; the slowest query here takes some 10 ms. */
const ANSWER_MS = 5_000;
const LIST_MAX = 100;
/** Longer than any client repeats a request. */
const KEY_LIFE_S = 7 * 24 * 3_600;
const FLAGS_ID = 'live';

interface Collections {
  calls: Collection<StoredCall>;
  callbacks: Collection<StoredCallback>;
  flags: Collection<StoredFlags>;
  keys: Collection<StoredKey>;
}

export interface MongoStore extends Store {
  intents: Intents;
  /** The account's budget of new legs; every process that names the same account shares it. */
  creations(account: { name: string; limit: CreationLimit; nowMs: () => number }): CreationLedger;
}

/** `erasedKeys`: by what an opt-out is known whose number was erased; only those who look for opt-outs need it. */
export function createMongoStore(place: { uri: string; dbName: string; erasedKeys?: ErasedKeys }): MongoStore {
  const client = new MongoClient(place.uri, {
    appName: 'evercall',
    serverSelectionTimeoutMS: SELECTION_MS,
    connectTimeoutMS: SELECTION_MS,
    socketTimeoutMS: ANSWER_MS,
    ignoreUndefined: true,
  });
  const { run, close } = connection(client);
  const db = client.db(place.dbName);
  const collections: Collections = {
    calls: db.collection('calls'),
    callbacks: db.collection('callbacks'),
    flags: db.collection('flags'),
    keys: db.collection('idempotency_keys'),
  };
  return {
    ...callStore(db, collections.calls, run),
    ...callbackStore(collections.callbacks, run),
    ...flagStore(collections.flags, run),
    ...idempotencyStore(collections.keys, run),
    campaigns: campaignStore(db, run),
    optOuts: optOutStore(db, run, place.erasedKeys ?? (() => [])),
    customers: customerStore(db, run),
    texts: textStore(db, run),
    intents: intentStore(db, run),
    creations: (account) => creationLedger(db, run, account),
    ping: () =>
      run('ping', async () => {
        await db.command({ ping: 1 });
      }),
    ensureIndexes: () =>
      run('creating indexes', async () => {
        await createIndexes(collections);
        await createCampaignIndexes(db);
        await createIntentIndexes(db);
        await createTextIndexes(db);
        await createCustomerIndexes(db);
      }),
    close,
  };
}

/**
 * The driver connects by itself once only: when that fails, its operations go on failing with "Topology is closed" for ever.
 * An explicit `connect` starts anew then, and costs nothing while the connection stands.
 */
function connection(client: MongoClient): { run: Run; close: () => Promise<void> } {
  let closed = false;
  return {
    run: (what, operation) =>
      asProvider(what, async () => {
        // A straggler must not open again what the process has closed: its socket would keep the process alive.
        if (closed)
          throw new ProviderError('mongodb', 'unreachable', { message: `${what} failed: the store was closed` });
        await client.connect();
        return await operation();
      }),
    close: () => {
      closed = true;
      return asProvider('closing', () => client.close());
    },
  };
}

async function createIndexes({ calls, callbacks, keys }: Collections): Promise<void> {
  await calls.createIndexes([
    { key: { created_at: -1 } },
    { key: { phone_number: 1, created_at: -1 } },
    { key: { in_progress: 1, created_at: -1 } },
    { key: { 'legs.leg_id': 1 } },
  ]);
  await callbacks.createIndexes([{ key: { status: 1, due_at: 1 } }, { key: { phone_number: 1, due_at: 1 } }]);
  await keys.createIndexes([{ key: { claimed_at: 1 }, expireAfterSeconds: KEY_LIFE_S }]);
}

const atMost = (limit: number | undefined): number => Math.min(Math.max(1, limit ?? LIST_MAX), LIST_MAX);

/** [DS4] What comes behind one document of a list that is sorted by that field and, where it is the same, by id. */
const beyond = <Value>(field: string, side: '$lt' | '$gt', [value, id]: [Value, string]) => [
  { [field]: { [side]: value } },
  { [field]: value, _id: { [side]: id } },
];

function callStore(db: Db, calls: Collection<StoredCall>, run: Run): CallStore {
  return {
    saveCall: (document) =>
      run('saving a call', () =>
        saveNewest<StoredCall>(calls, { _id: document.call_id, ...document }, settledNotes(document)),
      ),
    noteTurn: ({ callId, ...live }) =>
      run('noting a turn', async () => {
        // No upsert: a note must not bring forth a call of which nothing else is known.
        const noted = { $set: { [`live_turn.${fieldKey(live.turnId)}`]: live } };
        return (await calls.updateOne({ _id: callId }, noted)).matchedCount > 0;
      }),
    saveInsight: ({ call_id, synthesis, next, crm }) =>
      run('saving an insight', async () => {
        await calls.updateOne({ _id: call_id }, { $set: { synthesis, next, crm } });
      }),
    findCall: (callId) =>
      run('reading a call', async () => {
        const stored = await calls.findOne({ _id: callId });
        if (stored === null) return null;
        const [call] = await withReports(db, [withLiveTurns(stored)]);
        return call ?? null;
      }),
    hasLeg: (legId) =>
      run('looking for a leg', async () => {
        const found = await calls.findOne({ 'legs.leg_id': legId, missed: false }, { projection: { _id: 1 } });
        return found !== null;
      }),
    listCalls: ({ phoneNumber, inProgress, after, limit }) =>
      run('listing calls', async () => {
        const filter: Filter<StoredCall> = {
          ...(phoneNumber === undefined ? {} : { phone_number: phoneNumber }),
          ...(inProgress === undefined ? {} : { in_progress: inProgress }),
          ...(after === undefined ? {} : { $or: beyond('created_at', '$lt', [after.created_at, after.call_id]) }),
        };
        const stored = await calls.find(filter).sort({ created_at: -1, _id: -1 }).limit(atMost(limit)).toArray();
        return await withReports(db, stored.map(withLiveTurns));
      }),
  };
}

function callbackStore(callbacks: Collection<StoredCallback>, run: Run): CallbackStore {
  return {
    saveCallback: (document) =>
      run('saving a callback', () =>
        saveNewest<StoredCallback>(callbacks, {
          _id: document.callback_id,
          due_at: new Date(document.due_date_time),
          ...document,
        }),
      ),
    findCallback: (callbackId) =>
      run('reading a callback', async () => {
        const stored = await callbacks.findOne({ _id: callbackId });
        return stored === null ? null : callbackDocument(stored);
      }),
    listCallbacks: ({ phoneNumber, status, after, limit }) =>
      run('listing callbacks', async () => {
        const filter: Filter<StoredCallback> = {
          ...(phoneNumber === undefined ? {} : { phone_number: phoneNumber }),
          ...(status === undefined ? {} : { status }),
          ...(after === undefined
            ? {}
            : { $or: beyond('due_at', '$gt', [new Date(after.due_date_time), after.callback_id]) }),
        };
        const stored = await callbacks.find(filter).sort({ due_at: 1, _id: 1 }).limit(atMost(limit)).toArray();
        return stored.map(callbackDocument);
      }),
    openCallbacksOf: (phoneNumber) =>
      run('reading the promises to a number', async () => {
        const open = { phone_number: phoneNumber, status: { $in: ['pending', 'dialling'] } } as Filter<StoredCallback>;
        const stored = await callbacks.find(open).toArray();
        return stored.map(callbackDocument);
      }),
  };
}

const callbackDocument = ({ _id, due_at, ...document }: StoredCallback): CallbackDocument => document;

function flagStore(flags: Collection<StoredFlags>, run: Run): FlagStore {
  return {
    readFlags: () => run('reading flags', async () => (await flags.findOne({ _id: FLAGS_ID }))?.values ?? {}),
    writeFlags: (values) =>
      run('writing flags', async () => {
        const given = Object.entries(values);
        if (given.length === 0) return;
        const change = { $set: Object.fromEntries(given.map(([name, value]) => [`values.${name}`, value])) };
        const write = (upsert: boolean): Promise<unknown> => flags.updateOne({ _id: FLAGS_ID }, change, { upsert });
        // Two first writes at once: the document is there now.
        if (!(await insertedBy(write(true)))) await write(false);
      }),
  };
}

function idempotencyStore(keys: Collection<StoredKey>, run: Run): IdempotencyStore {
  return {
    claimKey: ({ key, callId, fingerprint }) =>
      run('claiming a key', async () => {
        for (;;) {
          const claim = { _id: key, call_id: callId, fingerprint, claimed_at: new Date() };
          if (await insertedBy(keys.insertOne(claim))) return { callId, fingerprint };
          const standing = await keys.findOne({ _id: key });
          if (standing !== null) return { callId: standing.call_id, fingerprint: standing.fingerprint };
          // It reached the end of its life between the two: claim it anew.
        }
      }),
  };
}
