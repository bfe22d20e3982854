/** A campaign's results, contact by contact: as JSON or as CSV, in pieces, whatever the length of the list. */
import { stringify } from 'csv-stringify/sync';
import type { ClaimField, ClaimValues } from '../domain/claim.ts';
import { isoTime } from '../domain/document.ts';
import type { CampaignStore, ContactDocument } from '../providers/campaigns.ts';
import type { ContactShown } from './campaign-schemas.ts';

const PAGE = 500;

export async function* resultPages(store: CampaignStore, campaignId: string): AsyncGenerator<ContactShown[]> {
  for await (const page of contactPages(store, campaignId)) yield await withClaims(store, page);
}

async function* contactPages(store: CampaignStore, campaignId: string): AsyncGenerator<ContactDocument[]> {
  let after: string | undefined;
  for (;;) {
    const page = await store.listContacts({ campaignId, limit: PAGE, ...(after === undefined ? {} : { after }) });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.contact_id;
  }
}

/** [CG6] What the calls took down lies over what was known before them. */
export async function withClaims(store: CampaignStore, contacts: ContactDocument[]): Promise<ContactShown[]> {
  const callIds = contacts.flatMap(({ attempts }) => attempts.map(({ call_id }) => call_id));
  const found = await store.claimsOf(callIds);
  return contacts.map((contact) => {
    const taken = takenDown(contact, found);
    return {
      phone_number: contact.phone_number,
      state: contact.state,
      disposition: contact.disposition,
      zones: contact.zones,
      due_at: isoTime(contact.due_at_ms),
      waits_for: contact.waits_for,
      attempts: contact.attempts.map((attempt) => ({
        attempt_id: attempt.attempt_id,
        call_id: attempt.call_id,
        at: isoTime(attempt.at_ms),
        outcome: attempt.outcome,
        ended_at: attempt.ended_at_ms === null ? null : isoTime(attempt.ended_at_ms),
        opt_out_checked_at: isoTime(attempt.gate.checked_at_ms),
      })),
      notes: contact.notes.map(({ at_ms, what }) => ({ at: isoTime(at_ms), what })),
      variables: contact.variables,
      claim: { ...contact.claim, ...taken.claim },
      summary: taken.summary,
    };
  });
}

/** Over all attempts: the last may have rung in vain what the one before has heard. Every call begins with what the list knew, so that is nothing taken down. */
function takenDown(
  { attempts, claim: known }: ContactDocument,
  found: Awaited<ReturnType<CampaignStore['claimsOf']>>,
): { claim: ClaimValues; summary: string | null } {
  const heard = attempts.map(({ call_id }) => found.get(call_id)).filter((call) => call !== undefined);
  const values = heard.flatMap(({ claim }) => Object.entries(claim)).filter(([name, value]) => known[name] !== value);
  return {
    claim: Object.fromEntries(values),
    summary: heard.findLast(({ summary }) => summary !== null)?.summary ?? null,
  };
}

export function jsonStream(pages: AsyncIterable<ContactShown[]>): ReadableStream {
  return streamOf(
    (async function* () {
      let separator = '[';
      for await (const page of pages)
        for (const contact of page) {
          yield separator + JSON.stringify(contact);
          separator = ',';
        }
      yield separator === '[' ? '[]' : ']';
    })(),
  );
}

const FIXED = [
  'phone_number',
  'state',
  'disposition',
  'attempts',
  'outcomes',
  'last_attempt_at',
  'call_id',
  'zone',
  'summary',
] as const;

/** Two ways through the list: the header needs the names of all variables. */
export async function csvStream(
  store: CampaignStore,
  campaign: { campaignId: string; claim: readonly ClaimField[] },
): Promise<ReadableStream> {
  const names = new Set<string>();
  for await (const page of contactPages(store, campaign.campaignId))
    for (const { variables } of page) for (const name of Object.keys(variables)) names.add(name);
  const variables = [...names].sort();
  const claim = campaign.claim.map(({ name }) => name);
  return streamOf(
    (async function* () {
      yield stringify([[...FIXED, ...variables, ...claim.map((name) => `claim.${name}`)]]);
      for await (const page of resultPages(store, campaign.campaignId))
        yield stringify(page.map((contact) => csvRow(contact, { variables, claim })));
    })(),
  );
}

function csvRow(contact: ContactShown, { variables, claim }: { variables: string[]; claim: string[] }): string[] {
  const last = contact.attempts.at(-1);
  const made = contact.attempts.filter(({ outcome }) => outcome !== 'line_busy');
  return [
    contact.phone_number,
    contact.state,
    contact.disposition ?? '',
    String(made.length),
    contact.attempts.map(({ outcome }) => outcome ?? 'under way').join(' '),
    last?.at ?? '',
    last?.call_id ?? '',
    contact.zones.length === 1 ? (contact.zones[0] ?? '') : '',
    harmless(contact.summary ?? ''),
    ...variables.map((name) => harmless(contact.variables[name] ?? '')),
    ...claim.map((name) => harmless(contact.claim[name] ?? '')),
  ];
}

/** A spreadsheet would run a cell that begins like a formula; numbers and E.164 are none. */
const harmless = (text: string): string => (/^[=@\t\r]|^[+-](?![\d\s.,()-]*$)/.test(text) ? `'${text}` : text);

function streamOf(texts: AsyncGenerator<string, void>): ReadableStream {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await texts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
