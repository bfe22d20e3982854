/** What is kept of a customer, in memory. */
import type { CustomerStore, ErasureNote } from '../../providers/customers.ts';
import type { MemoryStore } from './memory-store.ts';

const pick = <Whole extends object, Key extends keyof Whole>(whole: Whole, keys: Key[]): Pick<Whole, Key> =>
  Object.fromEntries(keys.map((key) => [key, whole[key]])) as Pick<Whole, Key>;

export function customersIn(
  store: () => Pick<MemoryStore, 'calls' | 'callbacks' | 'lists'> & { erasures: ErasureNote[] },
  present: () => void,
): CustomerStore {
  return {
    recordsOf: async (phoneNumber) => {
      present();
      const theirs = ({ phone_number }: { phone_number: string }): boolean => phone_number === phoneNumber;
      const { calls, callbacks, lists } = store();
      return {
        calls: [...calls.values()].filter(theirs).map((call) => ({
          ...pick(call, ['call_id', 'created_at', 'direction', 'phase', 'disposition']),
          legs: call.legs.length,
          crm_customer_id: call.crm.customer_id,
        })),
        reminders: [...callbacks.values()]
          .filter(theirs)
          .map((each) => pick(each, ['callback_id', 'title', 'status', 'due_date_time'])),
        contacts: [...lists.contacts.values()]
          .filter(theirs)
          .map((each) => pick(each, ['campaign_id', 'state', 'disposition'])),
      };
    },
    erase: async (phoneNumber) => {
      present();
      const without = <Kept extends { phone_number: string }>(kept: Map<string, Kept>): number =>
        [...kept].filter(([key, { phone_number }]) => phone_number === phoneNumber && kept.delete(key)).length;
      const { calls, callbacks, lists } = store();
      return {
        calls: without(calls),
        reminders: without(callbacks),
        campaign_contacts: without(lists.contacts),
        text_reports: 0,
        intents: 0,
        idempotency_keys: 0,
      };
    },
    noteErasure: async (note) => {
      present();
      store().erasures.push(note);
    },
    eraseOlder: async () => {
      throw new Error('not of the api');
    },
  };
}
