/** What networks report of text messages: one document a message, which only moves on. */
import type { Collection, Db } from 'mongodb';
import type { CallDocument, MessageDocument } from '../../domain/call-document.ts';
import { knownBetter, STATUS_RANK } from '../../domain/sms.ts';
import type { DeliveryReport } from '../sms.ts';
import type { TextStore } from '../store.ts';
import { insertedBy, type Run } from './errors.ts';

interface StoredReport {
  /** The network's id of the message. */
  _id: string;
  ref: string | null;
  status: DeliveryReport['status'];
  rank: number;
  detail: string | null;
  at: Date;
  /** It was told to have failed, whatever came later. */
  failed?: true;
}

const NAME = 'text_reports';
/** Calls are kept longer; by then nobody asks whether a message has come. */
const LIFE_S = 365 * 24 * 3_600;

export async function createTextIndexes(db: Db): Promise<void> {
  await db.collection(NAME).createIndexes([{ key: { ref: 1 } }, { key: { at: 1 }, expireAfterSeconds: LIFE_S }]);
}

export function textStore(db: Db, run: Run): TextStore {
  const reports = db.collection<StoredReport>(NAME);
  return {
    noteReport: (report) => run('noting a text message’s report', () => note(reports, report)),
  };
}

/** [SM4] A repeat and what comes late change nothing: the filter misses the newer one, and the upsert meets its `_id`. */
async function note(reports: Collection<StoredReport>, report: DeliveryReport): Promise<'failed' | 'arrived' | null> {
  const { messageId, ref, status, detail, atMs } = report;
  const rank = STATUS_RANK[status];
  const failed = status === 'failed' ? { failed: true as const } : {};
  await insertedBy(
    reports.updateOne(
      { _id: messageId, rank: { $lt: rank } },
      { $set: { status, rank, detail, at: new Date(atMs), ...failed, ...(ref === null ? {} : { ref }) } },
      { upsert: true },
    ),
  );
  if (status === 'submitted') return null;
  const known = await reports.findOne({ _id: messageId });
  if (known?.status === 'failed') return status === 'failed' ? 'failed' : null;
  return status === 'delivered' && known?.failed === true ? 'arrived' : null;
}

export interface TextIds {
  ids: string[];
  refs: string[];
}

/** By what the network's reports of these calls' messages are found. */
export function textIds(calls: readonly Pick<CallDocument, 'messages'>[]): TextIds {
  const marks = calls.flatMap(({ messages }) => messages.flatMap(({ sms }) => (sms === undefined ? [] : [sms])));
  return {
    ids: marks.flatMap(({ message_id }) => (message_id === null ? [] : [message_id])),
    refs: marks.flatMap(({ ref }) => (ref === null ? [] : [ref])),
  };
}

/** Documents as they are read: with what the network has said of their messages since. */
export async function withReports(db: Db, calls: CallDocument[]): Promise<CallDocument[]> {
  const { ids, refs } = textIds(calls);
  if (ids.length + refs.length === 0) return calls;
  const found = await db
    .collection<StoredReport>(NAME)
    .find({ $or: [{ _id: { $in: ids } }, { ref: { $in: refs } }] })
    .toArray();
  return calls.map((call) => ({ ...call, messages: call.messages.map((message) => reported(message, found)) }));
}

function reported(message: MessageDocument, found: readonly StoredReport[]): MessageDocument {
  const { sms } = message;
  if (sms === undefined || sms.status === 'received') return message;
  const report = found.find(({ _id, ref }) =>
    sms.message_id === null ? sms.ref !== null && ref === sms.ref : _id === sms.message_id,
  );
  if (report === undefined || !knownBetter(report.status, sms.status)) return message;
  return { ...message, sms: { ...sms, message_id: report._id, status: report.status, detail: report.detail } };
}
