/** Synthesis, next action and a text message from the record of a call, by rules: only what the record shows. */
import { missingFields, type ClaimField } from '../../domain/claim.ts';
import type { CallRecord } from '../../domain/insight-prompt.ts';
import type { NextStep, Satisfaction, Synthesis } from '../../domain/insight.ts';
import { filled } from '../../domain/phrases.ts';
import { escalationReason } from '../../domain/escalation.ts';
import { bookOf, hears } from './book.ts';
import { labelOf, summaryOf } from './wording.ts';

const PLEASED =
  /thank|great|perfect|wonderful|excellent|danke|super|toll|prima|merci|parfait|gracias|perfecto|grazie|perfetto|obrigad|bedankt|dzięk|teşekkür|спасибо|отлично|прекрасно|замечательно|дякую|чудово/iu;
const DISPLEASED =
  /terrible|awful|ridiculous|useless|unacceptable|angry|annoyed|frustrat|waste of time|unverschämt|frechheit|ärgerlich|wütend|scandale|inadmissible|énerv|vergüenza|enfadad|inaceptable|vergogna|inaccettabile|belachelijk|skandal|okropn|rezalet|berbat|ужас|кошмар|безобрази|возмут|бесполезн|надоел|жах|неподобство/iu;
const URGENT =
  /urgent|emergency|immediately|right away|dringend|notfall|sofort|urgence|urgente|emergencia|emergenza|emergência|dringende|pilne|acil|срочно|немедленно|авари|терміново|негайно/iu;
const WILL_SEND =
  /(?:i['’]ll|i will|ich werde|je vais|пришлю|отправлю|вышлю|надішлю)[^.]{0,20}(?:send|mail|schicken|envoyer)?|send you|schicke ihnen|les envío|пришлю|отправлю|вышлю|надішлю/iu;
const BUYS =
  /(?:interested in|i(?:'d| would) like to (?:buy|order|upgrade)|how much (?:is|does|would)|an offer|ein angebot|kaufen|un devis|comprar|хочу купить|сколько стоит|хочу заказать)/iu;
const CONTRACT =
  /(?:new|another|change|switch|cancel)\s+(?:my\s+)?(?:contract|plan|tariff|policy)|vertrag (?:ändern|wechseln|kündigen)|changer de contrat|сменить тариф|новый договор|другой тариф/iu;

interface Judged {
  record: CallRecord;
  customer: string[];
  missing: ClaimField[];
  misunderstood: number;
  interrupted: number;
}

export function synthesisOf(record: CallRecord): Synthesis {
  const judged = judge(record);
  return {
    short: shortOf(judged),
    long: longOf(judged),
    satisfaction: satisfactionOf(judged),
    improvementSuggestions: suggestionsOf(judged),
  };
}

export function nextStepOf(record: CallRecord): NextStep {
  const judged = judge(record);
  const words = judged.customer.join(' ');
  const unhappy = satisfactionOf(judged) === 'terrible';
  const said = (pattern: RegExp): string =>
    `The customer said: "${judged.customer.find((line) => pattern.test(line)) ?? ''}".`;
  if (URGENT.test(words)) return { action: 'high_priority', justification: said(URGENT) };
  if (unhappy)
    return { action: 'high_priority', justification: `The customer was very dissatisfied. ${said(DISPLEASED)}` };
  if (record.transferred || escalated(judged) !== null)
    return {
      action: 'requires_expertise',
      justification: `A person was asked for or needed${escalated(judged) === null ? '' : ` ("${escalated(judged) ?? ''}")`}.`,
    };
  if (CONTRACT.test(words)) return { action: 'propose_new_contract', justification: said(CONTRACT) };
  if (BUYS.test(words)) return { action: 'commercial_offer', justification: said(BUYS) };
  if (WILL_SEND.test(words)) return { action: 'customer_will_send_info', justification: said(WILL_SEND) };
  if (judged.missing.length > 0)
    return { action: 'customer_will_send_info', justification: `Still missing: ${labels(judged.missing)}.` };
  if (record.reminders.length > 0)
    return {
      action: 'requires_expertise',
      justification: `Something was promised: ${record.reminders.map(({ title }) => title).join('; ')}.`,
    };
  return {
    action: 'case_closed',
    justification: 'Everything that was asked for has been recorded and nothing was promised.',
  };
}

export function smsOf(record: CallRecord): string {
  const book = bookOf(record.language);
  return filled(book.smsText, {
    company: record.company,
    summary: summaryOf({
      setup: record,
      state: { claim: record.claim, language: record.language, now: '' },
      book,
    }),
  }).slice(0, 300);
}

function judge(record: CallRecord): Judged {
  const book = bookOf(record.language);
  const customer = record.messages
    .filter(({ persona }) => persona === 'human')
    .map(({ content }) => content.trim())
    .filter((line) => line !== '');
  const bot = record.messages.filter(({ persona }) => persona === 'assistant');
  const misunderstood = bot.filter(({ content }) => book.again.some((wording) => content.includes(wording))).length;
  return {
    record,
    customer,
    missing: missingFields(record.claim_fields, record.claim),
    misunderstood,
    interrupted: bot.filter(({ interrupted }) => interrupted).length,
  };
}

function shortOf({ record, customer, missing }: Judged): string {
  if (customer.length === 0) return 'Nobody spoke; nothing was recorded.';
  const who = record.claim['caller_name'] ?? 'The customer';
  const end = record.transferred
    ? 'transferred to a colleague'
    : record.reminders.length > 0
      ? 'a reminder was set'
      : missing.length === 0
        ? 'all details recorded'
        : `${missing.length} of ${record.claim_fields.length} details missing`;
  return `${who}: ${shortened(matterOf(record, customer), 60)}; ${end}.`;
}

function matterOf(record: CallRecord, customer: readonly string[]): string {
  const field = record.claim_fields.find(
    ({ name, type }) => type === 'text' && !/name$/.test(name) && record.claim[name] !== undefined,
  );
  const own = field === undefined ? undefined : record.claim[field.name];
  const longest = customer.filter(
    (line) => line.split(/\s+/).length >= 3 && !hears(bookOf(record.language), 'greeting', line.slice(0, 12)),
  )[0];
  return own ?? longest ?? customer[0] ?? record.task;
}

function longOf({ record, customer, missing }: Judged): string {
  const parts = [
    `**${record.direction === 'inbound' ? 'Incoming' : 'Outgoing'} call** for ${record.company}: ${record.task}`,
  ];
  if (customer.length === 0) parts.push('Nobody spoke.');
  else
    parts.push(
      `**What was said:** ${customer
        .slice(0, 8)
        .map((line) => `“${shortened(line, 160)}”`)
        .join(' ')}`,
    );
  const recorded = record.claim_fields.filter(({ name }) => record.claim[name] !== undefined);
  if (recorded.length > 0)
    parts.push(
      `**Recorded:**\n${recorded.map((field) => `- ${labelOf(field, bookOf('en'))}: ${record.claim[field.name] ?? ''}`).join('\n')}`,
    );
  if (missing.length > 0) parts.push(`**Still missing:** ${labels(missing)}.`);
  if (record.reminders.length > 0)
    parts.push(
      `**Agreed:**\n${record.reminders.map(({ title, due_date_time: due, owner }) => `- ${title}, ${due} (${owner})`).join('\n')}`,
    );
  if (record.transferred) parts.push('The call was passed to a colleague.');
  return parts.join('\n\n');
}

function satisfactionOf({ record, customer, misunderstood, missing }: Judged): Satisfaction {
  if (customer.length === 0) return 'unknow';
  const count = (pattern: RegExp): number => customer.filter((line) => pattern.test(line)).length;
  const displeased =
    count(DISPLEASED) + (customer.some((line) => escalationReason(line, record.language) !== null) ? 1 : 0);
  const score = count(PLEASED) - 2 * displeased - Math.floor(misunderstood / 2);
  if (count(DISPLEASED) >= 2) return 'terrible';
  if (score < 0) return 'low';
  if (score === 0) return missing.length === 0 ? 'partial' : 'unknow';
  return missing.length === 0 || score >= 2 ? 'high' : 'partial';
}

function suggestionsOf({ record, missing, misunderstood, interrupted, customer }: Judged): string {
  const suggestions = [
    misunderstood > 0
      ? `The bot had to ask again ${times(misunderstood)}: check the recognition and the wording of those questions.`
      : null,
    interrupted > 1 ? `The bot was interrupted ${times(interrupted)}: its sentences may be too long.` : null,
    missing.length > 0 && customer.length > 0
      ? `Not obtained: ${labels(missing)}; a text message could ask for it.`
      : null,
    record.transferred ? 'A colleague was needed: see whether the task can be extended.' : null,
  ];
  return suggestions.filter((line) => line !== null).join(' ');
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
const labels = (fields: readonly ClaimField[]): string =>
  fields.map((field) => labelOf(field, bookOf('en'))).join(', ');
const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).trimEnd()}…`;

function escalated({ record, customer }: Judged): string | null {
  return customer.map((line) => escalationReason(line, record.language)).find((reason) => reason !== null) ?? null;
}
