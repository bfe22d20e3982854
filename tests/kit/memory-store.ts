/** The store in memory, for what stands in front of it. `away` = every operation fails as a lost server does. */
import type { CallDocument } from '../../domain/call-document.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import type { DeliveryReport } from '../../providers/sms.ts';
import type { CallbackDocument, Store } from '../../providers/store.ts';
import type { ErasureNote } from '../../providers/customers.ts';
import { customersIn } from './memory-customers.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from './memory-campaigns.ts';

export interface MemoryStore extends Store {
  away: boolean;
  calls: Map<string, CallDocument>;
  callbacks: Map<string, CallbackDocument>;
  flags: Record<string, unknown>;
  lists: MemoryCampaigns;
  erasures: ErasureNote[];
  reports: DeliveryReport[];
}

export function createMemoryStore(): MemoryStore {
  const keys = new Map<string, { callId: string; fingerprint: string }>();
  const present = (): void => {
    if (store.away) throw new ProviderError('store', 'unreachable', { message: 'away' });
  };
  const lists = createMemoryCampaigns(present);
  const store: MemoryStore = {
    away: false,
    lists,
    campaigns: lists.campaigns,
    optOuts: lists.optOuts,
    erasures: [],
    customers: customersIn(() => store, present),
    reports: [],
    texts: {
      async noteReport(report) {
        present();
        store.reports.push(report);
        const all = store.reports.filter(({ messageId }) => messageId === report.messageId).map(({ status }) => status);
        if (report.status === 'failed') return all.includes('delivered') ? null : 'failed';
        return report.status === 'delivered' && all.includes('failed') ? 'arrived' : null;
      },
    },
    calls: new Map(),
    callbacks: new Map(),
    flags: {},
    async saveCall(document) {
      present();
      const before = store.calls.get(document.call_id);
      if (before === undefined || before.version < document.version) store.calls.set(document.call_id, document);
    },
    async noteTurn() {
      throw new Error('not of the api');
    },
    async saveInsight() {
      throw new Error('not of the api');
    },
    async findCall(callId) {
      present();
      return store.calls.get(callId) ?? null;
    },
    async hasLeg(legId) {
      present();
      return [...store.calls.values()].some(
        ({ legs, missed }) => !missed && legs.some(({ leg_id }) => leg_id === legId),
      );
    },
    async listCalls({ phoneNumber, inProgress, after, limit = 100 }) {
      present();
      return [...store.calls.values()]
        .filter(
          (call) =>
            (phoneNumber === undefined || call.phone_number === phoneNumber) &&
            (inProgress === undefined || call.in_progress === inProgress),
        )
        .sort((one, other) => (one.created_at < other.created_at ? 1 : -1))
        .filter((_, place, all) => place > all.findIndex(({ call_id }) => call_id === after?.call_id))
        .slice(0, limit);
    },
    async saveCallback(document) {
      present();
      store.callbacks.set(document.callback_id, document);
    },
    async findCallback(callbackId) {
      present();
      return store.callbacks.get(callbackId) ?? null;
    },
    async listCallbacks({ phoneNumber, status, after, limit = 100 }) {
      present();
      return [...store.callbacks.values()]
        .filter(
          (each) =>
            (phoneNumber === undefined || each.phone_number === phoneNumber) &&
            (status === undefined || each.status === status),
        )
        .filter((_, place, all) => place > all.findIndex(({ callback_id }) => callback_id === after?.callback_id))
        .slice(0, limit);
    },
    async openCallbacksOf(phoneNumber) {
      present();
      return [...store.callbacks.values()].filter(
        ({ phone_number, status }) => phone_number === phoneNumber && (status === 'pending' || status === 'dialling'),
      );
    },
    async readFlags() {
      present();
      return store.flags;
    },
    async writeFlags(values) {
      present();
      store.flags = { ...store.flags, ...values };
    },
    async claimKey({ key, callId, fingerprint }) {
      present();
      const stands = keys.get(key) ?? { callId, fingerprint };
      keys.set(key, stands);
      return stands;
    },
    async ping() {
      present();
    },
    async ensureIndexes() {
      present();
    },
    async close() {},
  };
  return store;
}
