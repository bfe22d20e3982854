/** What the api does with "never call me again", by whatever way it came, and whom it will not ring therefore. */
import { asCampaignId, type CallId, type E164 } from '../domain/ids.ts';
import type { OptOutSource, TextBack } from '../domain/opt-out.ts';
import { optOutEverywhere, type OptingOut } from '../providers/opting-out.ts';
import type { Errands } from './errands.ts';
import { fromStore } from './from-store.ts';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { ProblemError } from './problems.ts';

export interface OptOutParts {
  ports: ApiPorts;
  errands: Errands;
}

export interface Wish {
  number: E164;
  source: OptOutSource;
  reason: string | null;
  callId?: CallId;
  /** Made once it is known whether the wish is new; null = nothing is answered. */
  reply?: (isNew: boolean) => TextBack | null;
}

const WRITE_MS = 10_000;
const READ_MS = 1_500;

/** [OO3] [OO4] In force once the store has it; the customer's line, promises and campaigns are told, for as long as Temporal is away. */
export async function optOutNow({ ports, errands }: OptOutParts, wish: Wish): Promise<OptingOut> {
  const { number, source, reason } = wish;
  const atMs = ports.nowMs();
  const written = { phone_number: number, source, reason, at: new Date(atMs).toISOString() };
  const done = await fromStore(ports, optOutEverywhere(ports.store, written), WRITE_MS);
  const told = { source, reason, atMs, written: true, callId: wish.callId ?? null };
  await Promise.all([
    errands.run('tell the line of an opt-out', () =>
      ports.calls.optedOut(lineOf(ports, number), { ...told, reply: wish.reply?.(done.isNew) ?? null }),
    ),
    ...done.campaignIds.map((id) =>
      errands.run('tell a campaign of an opt-out', () => ports.campaigns.contactsChanged(asCampaignId(id))),
    ),
  ]);
  return done;
}

export const lineOf = ({ numberKey }: ApiPorts, number: E164) => ({
  numberKey: numberKey(number),
  customerNumber: number,
});

/** [OO5] A store that does not answer is no reason: the dial itself asks again. */
export async function refuseOptedOut(ports: ApiPorts, number: E164): Promise<void> {
  const optedOut = await inTime('store', READ_MS, ports.store.optOuts.isOptedOut(number)).catch((error: unknown) => {
    ports.log.warn({ err: error }, 'opt-outs not reached');
    return false;
  });
  if (!optedOut) return;
  const detail =
    'this number has opted out of calls and messages; DELETE /opt-out/{phone} once the customer wants them again';
  throw new ProblemError({ status: 409, title: 'The customer has opted out', detail, reason: 'opted_out' });
}
