/** The tools that the model may ask for, each checked at this edge and done once for its key. */
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { isZone } from '../domain/calling-hours.ts';
import type { ClaimField, ClaimValues } from '../domain/claim.ts';
import type { OpenPromise, Reminder } from '../domain/conversation.ts';
import { inWordsThere, whichIsMeant } from '../domain/due.ts';
import type { E164 } from '../domain/ids.ts';
import { languageCode, languageOf } from '../domain/languages.ts';
import { howToAsk, meansFor, saidBack, sayingBack, wayToAsk, type Tries } from '../domain/read-back.ts';
import { localIso } from '../domain/prompt.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { Knowledge } from '../providers/knowledge.ts';
import { customerZone } from '../providers/time-zones.ts';
import { parseToolCall, type ParsedToolCall } from '../providers/tool-schemas.ts';
import type { ToolEffect } from '../workflows/call/messages.ts';
import { claimFieldNamed, normaliseClaimValue, type ClaimValueContext, type NormalisedValue } from './claim-values.ts';
import { heartbeats } from './beating.ts';
import { withFailures } from './failures.ts';
import type { SmsOnceDeps } from './sms-once.ts';
import { sendWhole } from './texts.ts';

export interface ToolDeps extends SmsOnceDeps {
  knowledge: Knowledge;
  /** IANA, for times said without one. */
  zone: string;
  /** For phone numbers said without a country. */
  country: string;
}

export interface ToolInput {
  /** callId/turnId/toolUseId/tool. */
  idempotencyKey: string;
  call: ToolCall;
  schema: ClaimField[];
  claim: ClaimValues;
  language: string;
  customerNumber: E164 | null;
  botNumber: E164;
  nowMs: number;
  /** Absent = none. */
  tries?: Tries;
  /** They want no calls and messages. */
  mayNotCall?: true;
  /** What can be taken back; absent = nothing. */
  promised?: OpenPromise[];
  /** Of this call, and kept by nobody but people. */
  reminders?: Reminder[];
  /** What is typed is neither spelled nor said back. */
  inWriting?: true;
}

export type ToolActivities = ReturnType<typeof createToolActivities>;

export function createToolActivities(deps: ToolDeps) {
  return withFailures({
    async runTool(input: ToolInput): Promise<ToolEffect> {
      using _beating = heartbeats(HEARTBEAT_MS);
      const parsed = parseToolCall(input.call);
      if (!parsed.ok) return refused(input, parsed.reason);
      return await carryOut(deps, input, parsed.call);
    },
  });
}

/** Four to the heartbeat timeout of 2 s. */
const HEARTBEAT_MS = 500;
const KEPT_IN_NEW_CLAIM: readonly string[] = ['caller_name', 'caller_email', 'caller_phone'];
const PASSAGES = 3;

async function carryOut(deps: ToolDeps, input: ToolInput, tool: ParsedToolCall): Promise<ToolEffect> {
  switch (tool.name) {
    case 'update_claim':
      return updateClaim(deps, input, tool.arguments.updates);
    case 'new_claim': {
      const kept = Object.fromEntries(
        Object.entries(input.claim).filter(([field]) => KEPT_IN_NEW_CLAIM.includes(field)),
      );
      return {
        ...done(input, 'A new claim is begun; what is known of the caller stays.'),
        claim: kept,
        replacesClaim: true,
      };
    }
    case 'create_or_update_reminder':
      return remind(deps, input, tool.arguments);
    case 'cancel_reminder':
      return takeBack(deps, input, tool.arguments.title ?? null);
    case 'talk_to_human':
      return { ...done(input, 'A colleague is being rung.'), transfer: { reason: tool.arguments.reason } };
    case 'send_sms':
      return await sendSms(deps, input, tool.arguments.message);
    case 'set_language':
      if (languageCode(tool.arguments.language) === null)
        return refused(input, `We do not speak "${tool.arguments.language}".`);
      return {
        ...done(input, `Go on in ${languageOf(tool.arguments.language).englishName}.`),
        facts: { language: localeOf(tool.arguments.language) },
      };
    case 'set_speech_speed':
      return { ...done(input, 'The speed is changed.'), facts: { speechSpeed: tool.arguments.speed } };
    case 'opt_out':
      if (input.customerNumber === null)
        return refused(input, 'The customer’s number is withheld: we could not call it anyway. Tell them so.');
      return {
        ...done(
          input,
          'In force: nobody calls or writes to them any more. Confirm it in one sentence, and say goodbye unless they have another matter.',
        ),
        optsOut: true,
      };
    case 'end_call':
      return { ...done(input, 'The call ends after your goodbye.'), ends: true };
    case 'search_knowledge':
      return await searchKnowledge(deps, input, tool.arguments.queries);
  }
}

/** `de-AT` stays; `de` becomes `de-DE`. */
const localeOf = (tag: string): string => (/^[a-z]{2,3}-[A-Z]{2}$/.test(tag) ? tag : languageOf(tag).locale);

/** [CM1] All values of one request or none: one that does not fit is told, and nothing is kept of the rest. */
function updateClaim(deps: ToolDeps, input: ToolInput, updates: { field: string; value: string }[]): ToolEffect {
  const context = contextOf(deps, input);
  const claim: ClaimValues = {};
  const problems: string[] = [];
  for (const { field: name, value } of updates) {
    const found = claimFieldNamed(input.schema, name);
    const normal = found.ok ? normaliseClaimValue(found.field, value, context) : found;
    if (normal.ok) claim[name] = normal.value;
    else problems.push(found.ok ? `${normal.reason}${nextWay(input, found.field)}` : normal.reason);
  }
  if (problems.length > 0) return refused(input, `Nothing was stored. ${problems.join(' ')}`);
  const stored = Object.entries(claim).map(([field, value]) => `${field} = ${value}`);
  return { ...done(input, `Stored: ${stored.join('; ')}.${sayingBack(backOf(input, claim))}`), claim };
}

/** [RB2] How to ask for it now that one more try has failed. */
function nextWay({ tries = {}, customerNumber, inWriting }: ToolInput, field: ClaimField): string {
  if (inWriting === true) return '';
  const way = howToAsk(wayToAsk(field, (tries[field.name] ?? 0) + 1, meansFor(customerNumber)));
  return way === null ? '' : ` Now ${way}.`;
}

/** [RB3] */
function backOf(
  { schema, claim, language, tries = {}, inWriting }: ToolInput,
  stored: ClaimValues,
): { field: string; said: string }[] {
  if (inWriting === true) return [];
  return schema.flatMap((field) => {
    const value = stored[field.name];
    if (value === undefined) return [];
    const corrected = Object.hasOwn(claim, field.name) && claim[field.name] !== value ? 1 : 0;
    const said = saidBack(field, value, { tries: (tries[field.name] ?? 0) + corrected, language });
    return said === null ? [] : [{ field: field.name, said }];
  });
}

type ReminderArguments = Extract<ParsedToolCall, { name: 'create_or_update_reminder' }>['arguments'];

/** [CB12] On the customer's own clock, which their number tells or they do; what was noted is said back with it. */
function remind(deps: ToolDeps, input: ToolInput, given: ReminderArguments): ToolEffect {
  const { title, description, owner, channel, words_for_customer: words, zone: told, flexible } = given;
  if (told !== undefined && !isZone(told))
    return refused(input, `zone: "${told}" is no time zone; give one like Europe/Paris.`);
  // [OO8] The strict reading: whoever wants to be called again says that first.
  if (input.mayNotCall === true && (owner === 'assistant' || (owner === 'customer' && channel !== undefined)))
    return refused(
      input,
      'They have asked not to be called or written to, so this cannot be promised. Say so; they may ring us, have a colleague see to it (owner human), or text START to be called again.',
    );
  const context = contextOf(deps, input);
  const known = told ?? customerZone(input.customerNumber, input.nowMs);
  // An offset proves nothing: the clock in the prompt is then our own.
  if (known === null)
    return refused(
      input,
      'Not noted: the customer’s time zone is not known. Ask in which city they are, and give zone with the time there.',
    );
  const due = dueFrom(given.due_date_time, { ...context, zone: known, local: told !== undefined });
  if (!due.ok) return refused(input, due.reason);
  const atMs = Date.parse(due.value);
  if (owner !== 'customer' && atMs <= input.nowMs)
    return refused(input, `due_date_time: ${due.value} has passed; it is ${localIso(input.nowMs, known)}.`);
  const back = inWordsThere(atMs, known);
  return {
    ...done(
      input,
      `Noted for ${back}. Say day and time back to the customer${told === undefined ? '' : ', and whose time it is'}.`,
    ),
    reminder: {
      title,
      description,
      owner,
      dueDateTime: due.value,
      ...(channel === undefined ? {} : { channel }),
      ...(words === undefined || words === '' ? {} : { words }),
      ...(told === undefined ? {} : { zone: told }),
      ...(flexible === true ? { flexible } : {}),
    },
  };
}

/** [CB26] */
function takeBack(deps: ToolDeps, input: ToolInput, title: string | null): ToolEffect {
  const { promised = [], reminders = [] } = input;
  const noted = reminders.map((each) => ({ ...each, dueAtMs: Date.parse(each.dueDateTime) }));
  const meant = whichIsMeant([...promised, ...noted], title);
  const inWords = ({ title, dueAtMs, zone }: Pick<OpenPromise, 'title' | 'dueAtMs' | 'zone'>): string =>
    `"${title}" (${inWordsThere(dueAtMs, zone ?? contextOf(deps, input).zone)})`;
  if (meant.kind === 'one') {
    const { promise } = meant;
    return {
      ...done(input, `Cancelled: ${inWords(promise)}. Tell the customer so in a few words.`),
      takesBack: { title: promise.title, callbackId: promise.callbackId },
    };
  }
  if (meant.open.length === 0) return done(input, 'Nothing is promised to them, so nothing rings. Tell them so.');
  const list = meant.open.map(inWords).join('; ');
  return refused(
    input,
    meant.kind === 'several'
      ? `Nothing was cancelled; several things are promised: ${list}. Ask the customer which, and give its title.`
      : `Nothing was cancelled; there is no "${title ?? ''}". Promised are: ${list}. Give the title exactly, or ask the customer which.`,
  );
}

/** A time of which the customer has told the zone is read on the clock there, whatever offset came with it. */
function dueFrom(text: string, context: ClaimValueContext & { local: boolean }): NormalisedValue {
  const bare = context.local ? text.replace(/(?:Z|[+-]\d\d:?\d\d)$/, '') : text;
  return normaliseClaimValue({ name: 'due_date_time', type: 'datetime', description: 'in the future' }, bare, context);
}

async function sendSms(deps: ToolDeps, input: ToolInput, text: string): Promise<ToolEffect> {
  if (input.customerNumber === null)
    return refused(input, 'The customer’s number is withheld: no message can be sent.');
  const { botNumber: from, customerNumber: to, idempotencyKey } = input;
  const [sent] = await sendWhole(deps, { from, to, text, idempotencyKey }, activityInfo().attempt);
  if (sent === undefined || sent.mark.status === 'perhaps')
    return refused(
      input,
      'It is not certain that the message was sent; it may have been. Ask the customer whether it has come, and send it again only if it has not.',
    );
  return { ...done(input, 'The message is on its way.'), smsSent: { text, mark: sent.mark } };
}

async function searchKnowledge(deps: ToolDeps, input: ToolInput, queries: string[]): Promise<ToolEffect> {
  const passages = await deps.knowledge.search(
    { queries, language: input.language, limit: PASSAGES },
    cancellationSignal(),
  );
  if (passages.length === 0)
    return done(input, 'Nothing was found. Say so honestly, and offer to have a colleague find out.');
  return done(input, passages.map((passage) => `${passage.title}: ${passage.text}`).join('\n\n'));
}

const contextOf = ({ zone, country }: ToolDeps, { language, nowMs, customerNumber }: ToolInput): ClaimValueContext => ({
  language,
  nowMs,
  zone: customerZone(customerNumber, nowMs) ?? zone,
  country,
});

function done({ call }: ToolInput, content: string): ToolEffect {
  return { result: { toolUseId: call.toolUseId, name: call.name, content, isError: false }, claim: null, facts: null };
}

function refused({ call }: ToolInput, content: string): ToolEffect {
  return { result: { toolUseId: call.toolUseId, name: call.name, content, isError: true }, claim: null, facts: null };
}
