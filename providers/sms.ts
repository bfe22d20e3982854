/** Ports: text messages out, and what the network tells of them and of customers' own. A vendor's name is for reading only. */
import type { E164 } from '../domain/ids.ts';
import type { RawWebhook, WebhookVerdict } from './phone-door.ts';

export interface SmsMessage {
  from: string;
  to: E164;
  text: string;
  idempotencyKey: string;
}

export interface Sms {
  /** No vendor knows a repeat: `ProviderError` of kind `in_doubt` when it may have been sent. */
  send(message: SmsMessage): Promise<{ messageId: string }>;
}

/** A customer's text, as it came. Numbers are E.164; `to` may be empty where the vendor does not say. */
export interface ReceivedText {
  messageId: string;
  from: string;
  to: string;
  text: string;
  atMs: number;
  /** A long message that the vendor does not join: which part of how many. */
  part?: { ref: string; number: number; of: number };
}

export interface DeliveryReport {
  messageId: string;
  /** Given at the sending, where the vendor returns it. */
  ref: string | null;
  status: 'submitted' | 'delivered' | 'failed';
  /** The vendor's own words for what went wrong. */
  detail: string | null;
  atMs: number;
}

export interface SmsDoor {
  /** `url` as the vendor was given it: some sign the address too. */
  verify(webhook: RawWebhook, nowMs: number): WebhookVerdict;
  /** Null = a webhook that is no text of a customer's. */
  parseText(webhook: RawWebhook, nowMs: number): ReceivedText | null;
  parseReport(webhook: RawWebhook, nowMs: number): DeliveryReport | null;
  /** What the vendor reads as "taken": nothing more is to be done. */
  taken: { contentType: string; body: string };
}
