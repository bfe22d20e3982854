/** Forgetting a customer: what waits is stopped, workflows and their histories go, then the documents; the wish not to be called stays, unreadable. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { asCallId, type E164 } from '../domain/ids.ts';
import type { CustomerRecords, ErasedRecords } from '../providers/customers.ts';
import { CallDoorError } from './call-door.ts';
import { fromStore } from './from-store.ts';
import { lineOf } from './opting-out.ts';
import type { ApiPorts } from './ports.ts';
import { ProblemError, unavailable } from './problems.ts';

const STORE_MS = 20_000;
const VIEW_MS = 2_000;
/** A ringing phone is silenced and its call closed within a second or two. */
const QUIET_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 200;
/** Lists of workflows lag by about a second, and a save under way lands within that. */
const SECOND_LOOK_MS = 1_500;

export interface Erasure {
  erased: ErasedRecords & { workflow_histories: number };
  not_erased: { where: string; what: string }[];
}

export async function eraseCustomer(
  ports: ApiPorts,
  { number, doNotCall }: { number: E164; doNotCall: boolean },
): Promise<Erasure> {
  const { store } = ports;
  const stored = <Result>(work: Promise<Result>) => fromStore(ports, work, STORE_MS);
  const records = await stored(store.customers.recordsOf(number));
  const at = new Date(ports.nowMs()).toISOString();
  // First: whatever fails after this, they are not rung any more.
  if (doNotCall) await stored(store.optOuts.addOptOut({ phone_number: number, source: 'api', reason: null, at }));
  await silence(ports, number, records);
  let histories = await eraseHistories(ports, number, records);
  let erased = await stored(store.customers.erase(number));
  if (histories > 0 || Object.values(erased).some((count) => count > 0)) {
    await pause(SECOND_LOOK_MS);
    histories += await eraseHistories(ports, number, records);
    erased = sum(erased, await stored(store.customers.erase(number)));
  }
  await stored(store.optOuts.forgetNumber(number));
  const all = { ...erased, workflow_histories: histories };
  const note = { erasure_id: randomUUID(), at, erased: all, do_not_call: doNotCall };
  await stored(store.customers.noteErasure(note));
  ports.log.info({ erased: all, doNotCall }, 'a customer was erased');
  return { erased: all, not_erased: elsewhere(ports, records) };
}

/** [ER1] Promises, lists and ringing phones stop as for an opt-out; a conversation is not cut off. */
async function silence(ports: ApiPorts, number: E164, { calls }: CustomerRecords): Promise<void> {
  const open = calls.filter(({ phase }) => phase !== 'closed').map(({ call_id }) => asCallId(call_id));
  const phaseOf = async (callId: (typeof open)[number]): Promise<string> => {
    try {
      return (await ports.calls.callView(callId, VIEW_MS)).document.phase;
    } catch (error) {
      if (error instanceof CallDoorError && error.kind === 'not_found') return 'closed';
      throw error;
    }
  };
  const phases = await Promise.all(open.map(phaseOf));
  const live = open.find((_, index) => TALKING.has(phases[index] ?? ''));
  if (live !== undefined) {
    const detail = `the customer is on the line, in call ${live}; POST /call/${live}/hangup or wait, then ask again`;
    throw new ProblemError({ status: 409, title: 'Somebody is on that line', detail, call_id: live });
  }
  const wish = { source: 'api' as const, reason: null, atMs: ports.nowMs(), written: true, callId: null, reply: null };
  await ports.calls.optedOut(lineOf(ports, number), wish);
  const ringing = open.filter((_, index) => phases[index] === 'dialling');
  const untilMs = ports.nowMs() + QUIET_WITHIN_MS;
  while (ports.nowMs() < untilMs) {
    if ((await Promise.all(ringing.map(phaseOf))).every((phase) => phase !== 'dialling')) return;
    await pause(LOOK_EVERY_MS);
  }
  throw unavailable('The call that rings');
}

const TALKING: ReadonlySet<string> = new Set(['live', 'transferring', 'with_operator']);

function eraseHistories(ports: ApiPorts, number: E164, { calls, reminders }: CustomerRecords): Promise<number> {
  return ports.histories.erase({
    numberKey: ports.numberKey(number),
    callIds: calls.map(({ call_id }) => call_id),
    callbackIds: reminders.map(({ callback_id }) => callback_id),
  });
}

function sum(one: ErasedRecords, other: ErasedRecords): ErasedRecords {
  return {
    calls: one.calls + other.calls,
    reminders: one.reminders + other.reminders,
    campaign_contacts: one.campaign_contacts + other.campaign_contacts,
    text_reports: one.text_reports + other.text_reports,
    intents: one.intents + other.intents,
    idempotency_keys: one.idempotency_keys + other.idempotency_keys,
  };
}

/** [ER2] [ER6] What lies where we cannot reach it, as far as there is any. */
function elsewhere({ settings }: ApiPorts, { calls, contacts }: CustomerRecords): Erasure['not_erased'] {
  const real = (name: string): boolean =>
    settings.vendors.some((vendor) => vendor.name === name && vendor.is === 'real');
  const customers = [...new Set(calls.flatMap(({ crm_customer_id }) => crm_customer_id ?? []))];
  const campaigns = [...new Set(contacts.map(({ campaign_id }) => campaign_id))];
  const legs = calls.reduce((count, call) => count + call.legs, 0);
  return [
    ...(real('vonage') && calls.length > 0
      ? [
          {
            where: 'vonage',
            what: `its own records of ${legs} call legs and of messages: ask Vonage for their redaction`,
          },
        ]
      : []),
    ...(customers.length > 0
      ? [{ where: 'crm', what: `contact and call notes of customer ${customers.join(', ')}: delete them there` }]
      : []),
    ...(campaigns.length > 0
      ? [
          {
            where: 'histories of campaigns',
            what: `${campaigns.join(', ')}: an id of the contact and of each attempt, which tell the number only to whoever has the campaign's key (\`contact_keys\` in the store); Temporal removes them after the campaign's end`,
          },
        ]
      : []),
    ...(real('anthropic') && calls.length > 0
      ? [{ where: 'anthropic', what: 'requests of the last days, deleted by Anthropic after its own retention time' }]
      : []),
    ...(calls.length > 0
      ? [
          { where: 'outgoing webhooks', what: 'events that were sent to other systems of yours' },
          {
            where: 'log files and backups',
            what: 'until they are rotated; numbers stand in logs only with LOG_PII=true',
          },
        ]
      : []),
  ];
}
