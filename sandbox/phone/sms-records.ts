/** What every way of a text message shares: the record of one, who is told of it, and how patiently. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { PhoneNetwork } from './network.ts';
import { withoutAck } from './rest.ts';

export interface SmsRecord {
  id: string;
  direction: 'outbound' | 'inbound';
  from: string;
  to: string;
  text: string;
  at: string;
  status: 'submitted' | 'delivered' | 'rejected' | 'received';
  clientRef: string | null;
  segments: number;
}

export interface MessageDoor {
  readonly all: SmsRecord[];
  /** POST /v1/messages */
  messages(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Sent by one of the other ways. */
  accept(message: Outgoing): SmsRecord;
  receive(message: { from: string; to: string; text: string }, how?: Way): Promise<SmsRecord>;
  /** Told of each message to or from a phone, and of each change; returns what ends it. */
  watch(watcher: (record: SmsRecord) => void): () => void;
}

export type Way = 'messages' | 'sms' | 'twilio';

export interface Outgoing {
  /** Of the form of its way. */
  id?: string;
  from: string;
  to: string;
  text: string;
  clientRef: string | null;
  report: ((record: SmsRecord, status: 'submitted' | 'delivered' | 'rejected') => Promise<void>) | undefined;
}

/** Vonage's own pace is 5 s, then minutes, for a day; here the first steps of it, so that a short outage is bridged. */
const RETRY_AFTER_MS = [2_000, 5_000, 15_000, 60_000];

export async function tellUntilTaken(network: PhoneNetwork, url: string, body: object): Promise<void> {
  for (const waitMs of [...RETRY_AFTER_MS, undefined]) {
    const answer = await network.webhooks.tell({ url, method: 'POST' }, body);
    const again = !answer.ok && (answer.retryable || /^HTTP 5/u.test(answer.reason));
    if (!again || waitMs === undefined) return;
    await pause(waitMs, undefined, { ref: false });
  }
}

export async function acceptedSilently(network: PhoneNetwork, res: ServerResponse): Promise<boolean> {
  const { messageWithoutAck: fault } = network.faults;
  if (fault.next === 0) return false;
  fault.next -= 1;
  await withoutAck(fault.how, res);
  return true;
}
