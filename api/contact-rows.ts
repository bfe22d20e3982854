/** Contacts as people upload them, row by row: good rows are taken, each bad one is told with its number, field and reason. */
import { createHash, createHmac } from 'node:crypto';
import { parse } from 'csv-parse';
import { newProgress } from '../domain/campaign-contact.ts';
import { CALLER_FIELDS, type ClaimField } from '../domain/claim.ts';
import { asContactId, type CampaignId, type ContactId, type E164 } from '../domain/ids.ts';
import type { ContactDocument } from '../providers/campaigns.ts';
import { countryOfNumber, zonesFor } from '../providers/time-zones.ts';
import { contactRow } from './campaign-schemas.ts';
import { withoutBrokenLines } from './csv-lines.ts';
import { e164From } from './dialling.ts';
import { ProblemError } from './problems.ts';

export interface RowProblem {
  row: number;
  field: string;
  reason: string;
}

export interface ReadRows {
  contacts: ContactDocument[];
  /** Of contacts, by index: the row that brought it first. */
  rows: number[];
  merged: { row: number; reason: string }[];
  rejected: RowProblem[];
}

export interface RowRules {
  campaignId: CampaignId;
  contactKey: string | null;
  claim: readonly ClaimField[];
  defaultCountry: string;
  allowedPrefixes: readonly string[];
  nowMs: number;
}

/** A row as either form gives it: JSON by its keys, CSV by its header. */
type GivenRow = { row: number; value: unknown } | { row: number; broken: string };

const COLUMNS = new Set(['phone_number', 'zone', 'lang', 'hours']);
const CLAIM = 'claim.';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/**
 * [ER6] The campaign's history keeps these ids when the customer has been erased: there are few enough numbers to try a hash of each, so it
 * takes a key. Null = a campaign of before there were keys.
 */
export const contactIdOf = (number: E164, key: string | null): ContactId =>
  asContactId(
    (key === null ? createHash('sha256') : createHmac('sha256', key)).update(number).digest('hex').slice(0, 24),
  );

/** The header is row 1, as in every spreadsheet. Reads in pieces, so that a long list holds up nobody else. */
export async function* csvRows(text: string): AsyncGenerator<GivenRow> {
  const delimiter = delimiterOf(text);
  const { text: readable, broken } = withoutBrokenLines(text, delimiter);
  const header = broken.find(({ row }) => row === 1);
  if (header !== undefined) throw notReadable(`the first row names the columns; in it ${header.reason}`);
  for (const { row, reason } of broken) yield { row, broken: reason };
  const parser = parse(readable, {
    bom: true,
    columns: (header: string[]) => namesIn(header),
    delimiter,
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
    info: true,
  });
  try {
    for await (const piece of parser as AsyncIterable<unknown>) {
      const { record, info } = piece as { record: Record<string, string>; info: { lines: number } };
      yield { row: info.lines, value: fromColumns(record) };
    }
  } catch (error) {
    throw notReadable(error instanceof Error ? error.message : 'the text is no CSV');
  }
}

const notReadable = (detail: string): ProblemError =>
  new ProblemError({ status: 422, title: 'CSV not readable', detail });

/** Without it no row could be taken: said once, not for each. */
function namesIn(header: string[]): string[] {
  const names = header.map((name) => name.trim());
  if (names.includes('phone_number')) return names;
  throw new Error(
    `the first row names the columns, phone_number among them; here it is: ${names.join(', ').slice(0, 200)}`,
  );
}

/** Spreadsheets of half the world write semicolons. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/));
  return [';', '\t'].find((mark) => header.includes(mark) && !header.includes(',')) ?? ',';
}

function fromColumns(record: Record<string, string>): unknown {
  const given = Object.entries(record).filter(([, text]) => text !== '');
  const claim = given
    .filter(([name]) => name.startsWith(CLAIM))
    .map(([name, text]): [string, string] => [name.slice(CLAIM.length), text]);
  const variables = given.filter(([name]) => !COLUMNS.has(name) && !name.startsWith(CLAIM));
  const { phone_number, zone, lang, hours } = record;
  return {
    phone_number: phone_number ?? '',
    ...(zone === undefined || zone === '' ? {} : { zone }),
    ...(lang === undefined || lang === '' ? {} : { lang }),
    ...(hours === undefined || hours === '' ? {} : { hours: hoursFrom(hours) }),
    variables: Object.fromEntries(variables),
    claim: Object.fromEntries(claim),
  };
}

/** `10:00-12:00`, every day; several with a space or a comma between. What is no time is refused by the row's own schema. */
const hoursFrom = (text: string): unknown[] =>
  text.split(/[\s,]+/).map((part) => {
    const [from, to] = part.split('-');
    return { days: EVERY_DAY, from, to };
  });

export async function readRows(
  given: AsyncIterable<GivenRow> | Iterable<GivenRow>,
  rules: RowRules,
): Promise<ReadRows> {
  const byContact = new Map<string, { contact: ContactDocument; row: number }>();
  const merged: ReadRows['merged'] = [];
  const rejected: RowProblem[] = [];
  for await (const each of given) {
    const { row } = each;
    const read = 'broken' in each ? unreadable(each) : readRow(row, each.value, rules);
    if ('problems' in read) {
      rejected.push(...read.problems);
      continue;
    }
    const standing = byContact.get(read.contact.contact_id);
    if (standing === undefined) {
      byContact.set(read.contact.contact_id, { contact: read.contact, row });
      continue;
    }
    standing.contact = overlaid(standing.contact, read.contact);
    merged.push({ row, reason: `the same number as row ${standing.row}` });
  }
  const read = [...byContact.values()];
  return { contacts: read.map(({ contact }) => contact), rows: read.map(({ row }) => row), merged, rejected };
}

/** [CG5] [CH2] What a later row says of the same person is added, and wins; what only follows from the number does not. */
export const overlaid = (standing: ContactDocument, later: ContactDocument): ContactDocument => ({
  ...standing,
  ...(later.zone_given === true ? { zones: later.zones, zone_given: true as const } : {}),
  hours: later.hours ?? standing.hours,
  language: later.language ?? standing.language,
  variables: { ...standing.variables, ...later.variables },
  claim: { ...standing.claim, ...later.claim },
});

const unreadable = ({ row, broken }: { row: number; broken: string }): { problems: RowProblem[] } => ({
  problems: [{ row, field: 'row', reason: broken }],
});

function readRow(
  row: number,
  value: unknown,
  rules: RowRules,
): { contact: ContactDocument } | { problems: RowProblem[] } {
  const parsed = contactRow.safeParse(value);
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map(({ path, message }) => ({
        row,
        field: path.join('.') || 'row',
        reason: message,
      })),
    };
  const { phone_number, zone, lang, hours, variables, claim } = parsed.data;
  const number = e164From(phone_number, rules.defaultCountry);
  const problems: RowProblem[] = claimProblems(row, claim ?? {}, rules.claim);
  const refuse = (field: string, reason: string): void => void problems.push({ row, field, reason });
  if (number === null) refuse('phone_number', 'must be a phone number in E.164 form, like +447700900123');
  else if (!rules.allowedPrefixes.some((prefix) => number.startsWith(prefix)))
    refuse('phone_number', `numbers beginning so are not rung; allowed: ${rules.allowedPrefixes.join(', ')}`);
  if (lang !== undefined && !/^[a-z]{2,3}-[A-Z]{2}$/.test(lang)) refuse('lang', 'must be a language like en-US');
  if (number === null || problems.length > 0) return { problems };
  return {
    contact: {
      ...newProgress({
        country: countryOfNumber(number),
        zones: zonesFor(number, zone ?? null),
        hours: hours ?? null,
        dueAtMs: rules.nowMs,
      }),
      ...(zone === undefined ? {} : { zone_given: true as const }),
      campaign_id: rules.campaignId,
      contact_id: contactIdOf(number, rules.contactKey),
      phone_number: number,
      language: lang ?? null,
      variables: variables ?? {},
      claim: claim ?? {},
    },
  };
}

function claimProblems(row: number, claim: Record<string, string>, schema: readonly ClaimField[]): RowProblem[] {
  return Object.entries(claim).flatMap(([name, value]) => {
    const field = [...schema, ...CALLER_FIELDS].find((each) => each.name === name);
    const reason = field === undefined ? 'the campaign’s claim has no such field' : valueProblem(field, value);
    return reason === null ? [] : [{ row, field: `${CLAIM}${name}`, reason }];
  });
}

function valueProblem({ type }: ClaimField, value: string): string | null {
  switch (type) {
    case 'text':
      return null;
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : 'must be an e-mail address';
    case 'phone_number':
      return /^\+[1-9]\d{6,14}$/.test(value) ? null : 'must be a phone number in E.164 form';
    case 'datetime':
      return Number.isNaN(Date.parse(value)) ? 'must be a time in ISO 8601' : null;
  }
}
