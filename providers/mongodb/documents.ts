/**
 * Documents as they lie in MongoDB, and how they are written: one document, idempotent, the newest version wins.
 * Only what a real replica set and the embedded server both do: no transactions, change streams, pipeline updates.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Collection, Document, UpdateFilter } from 'mongodb';
import type { CallDocument, MessageDocument, TurnDocument } from '../../domain/call-document.ts';
import type { CallbackDocument, TurnNote } from '../store.ts';
import { insertedBy } from './errors.ts';

/** A turn as its media host noted it, until a saved document holds it. */
export type LiveTurn = Omit<TurnNote, 'callId'>;

/** `live_turn` is keyed by the turn's id, so that noting a turn twice is one note. */
export type StoredCall = CallDocument & { _id: string; live_turn?: Record<string, LiveTurn> };
/** `due_at` = the due time as an instant: the text carries the customer's offset and does not sort. */
export type StoredCallback = CallbackDocument & { _id: string; due_at: Date };
export interface StoredFlags {
  _id: string;
  values: Record<string, unknown>;
}
export interface StoredKey {
  _id: string;
  call_id: string;
  fingerprint: string;
  claimed_at: Date;
}

type Versioned = Document & { _id: string; version: number };

/**
 * Saves unless the same or a newer version stands. The filter misses a newer one, so the upsert tries to insert beside it
 * and meets the unique `_id`. Two first saves at once meet it too: hence one more look at whether the newer one is ours.
 */
export async function saveNewest<Stored extends Versioned>(
  collection: Collection<Stored>,
  stored: Stored,
  unset: string[] = [],
): Promise<void> {
  const { _id, ...fields } = stored;
  const older = { _id, version: { $lt: stored.version } };
  const update = {
    $set: fields,
    ...(unset.length === 0 ? {} : { $unset: Object.fromEntries(unset.map((path) => [path, ''])) }),
  };
  const save = (upsert: boolean): Promise<unknown> =>
    collection.updateOne(
      older as Parameters<typeof collection.updateOne>[0],
      update as unknown as UpdateFilter<Stored>,
      { upsert },
    );
  if (!(await insertedBy(save(true)))) await save(false);
}

/** A key that may stand in a field path. */
export function fieldKey(id: string): string {
  return id.replaceAll('%', '%25').replaceAll('.', '%2E').replaceAll('$', '%24');
}

/** Notes that a saved document makes superfluous: of all its turns but the last, which may be going on with another round. */
export function settledNotes(document: CallDocument): string[] {
  const last = document.turns.at(-1)?.turn_id;
  const ids = new Set(document.turns.map((turn) => turn.turn_id).filter((id) => id !== last));
  return [...ids].map((id) => `live_turn.${fieldKey(id)}`);
}

/** The saved document with what its media host has noted since: turns, words, and what was found out. */
export function withLiveTurns(stored: StoredCall): CallDocument {
  const { _id, live_turn, ...saved } = stored;
  const noted = Object.values(live_turn ?? {}).sort((a, b) => a.at.localeCompare(b.at));
  const live = noted.filter((note) => isNews(note, saved.turns));
  const messages = [...saved.messages];
  const savedLast = saved.messages.slice(-LOOK_BACK);
  for (const note of live) addWords(messages, { savedLast, said: note.messages });
  return {
    ...saved,
    ...newestFacts(noted, saved.version),
    messages,
    turns: [...saved.turns, ...live.flatMap(({ turn }) => (turn === null ? [] : [turn]))],
  };
}

/** Every save is of a newer version than the facts sent before it. */
function newestFacts(noted: readonly LiveTurn[], savedVersion: number): Partial<CallDocument> {
  const newest = noted
    .flatMap(({ facts }) => (facts === null ? [] : [facts]))
    .reduce<LiveTurn['facts']>((best, facts) => (best === null || facts.version > best.version ? facts : best), null);
  if (newest === null || newest.version <= savedVersion) return {};
  const { version: _, ...facts } = newest;
  return facts;
}

/** A turn with tools has several rounds under one id, told apart by what they cost. Documents keep only the latest turns. */
function isNews({ turnId, at, turn }: LiveTurn, saved: readonly TurnDocument[]): boolean {
  const [oldest] = saved;
  if (oldest !== undefined && at < oldest.at) return false;
  return !saved.some(
    (one) =>
      one.turn_id === turnId &&
      (turn === null || isDeepStrictEqual([one.usage, one.latency], [turn.usage, turn.latency])),
  );
}

/** A document saved in mid-turn holds the customer's half already, and maybe a round of tools. */
const LOOK_BACK = 3;

function addWords(
  messages: MessageDocument[],
  { savedLast, said }: { savedLast: MessageDocument[]; said: readonly MessageDocument[] },
): void {
  for (const message of said) {
    const at = savedLast.findIndex(
      (saved) =>
        saved.persona === message.persona &&
        saved.content === message.content &&
        saved.tool_calls.length === message.tool_calls.length,
    );
    if (at < 0) messages.push(message);
    else savedLast.splice(at, 1);
  }
}
