/** The call as its workflow keeps it, and as people read it. */
import type {
  CallDocument,
  LegDocument,
  LiveFacts,
  MessageDocument,
  ReminderDocument,
  TextDocument,
  TransferDocument,
  TurnDocument,
} from './call-document.ts';
import type { CallPhase, ConversationFacts, Reminder, TranscriptEntry } from './conversation.ts';
import type { CallId, E164 } from './ids.ts';
import type { Initiate } from './initiate.ts';
import type { Disposition } from './insight.ts';
import type { TextMark } from './sms.ts';

export interface CallRecord {
  callId: CallId;
  version: number;
  direction: 'inbound' | 'outbound';
  customerNumber: E164 | null;
  botNumber: E164;
  initiate: Initiate;
  createdAtMs: number;
  closedAtMs: number | null;
  phase: CallPhase;
  facts: ConversationFacts;
  transcript: TranscriptEntry[];
  legs: LegDocument[];
  turns: TurnDocument[];
  transfers: TransferDocument[];
  synthesis: CallDocument['synthesis'];
  next: CallDocument['next'];
  disposition: Disposition | null;
  /** When they said that they want no more calls; absent = they did not. */
  optedOutAtMs?: number;
  crm: { customerId: string | null; noteId: string | null };
}

export type CallBeginning = Pick<CallRecord, 'callId' | 'direction' | 'customerNumber' | 'botNumber' | 'initiate'> & {
  phase: CallPhase;
  atMs: number;
};

/** A call of which nothing has been said yet. The number that it is held on is known to be the customer's: nobody asks for it. */
export function newRecord({ atMs, ...beginning }: CallBeginning): CallRecord {
  const { initiate, customerNumber } = beginning;
  return {
    ...beginning,
    version: 0,
    createdAtMs: atMs,
    closedAtMs: null,
    facts: newFacts(initiate, customerNumber),
    transcript: [],
    legs: [],
    turns: [],
    transfers: [],
    synthesis: null,
    next: null,
    disposition: null,
    crm: { customerId: null, noteId: null },
  };
}

export const newFacts = (
  initiate: Pick<Initiate, 'language' | 'speechSpeed'>,
  customerNumber: E164 | null,
): ConversationFacts => ({
  language: initiate.language,
  speechSpeed: initiate.speechSpeed,
  dialogState: 'GREETING',
  intent: null,
  intentConfidence: null,
  claim: customerNumber === null ? {} : { caller_phone: customerNumber },
  reminders: [],
  customerName: null,
  customerNotes: null,
});

/** About 250 bytes each: more would crowd the workflow's snapshot. */
export const TURNS_KEPT = 200;

export const isoTime = (atMs: number): string => new Date(atMs).toISOString();

export function callDocument(record: CallRecord, nowMs: number): CallDocument {
  const { facts, initiate } = record;
  return {
    call_id: record.callId,
    version: record.version,
    created_at: isoTime(record.createdAtMs),
    updated_at: isoTime(nowMs),
    closed_at: record.closedAtMs === null ? null : isoTime(record.closedAtMs),
    in_progress: record.phase !== 'closed' && record.phase !== 'resumable',
    phase: record.phase,
    direction: record.direction,
    phone_number: record.customerNumber ?? '',
    bot_phone_number: record.botNumber,
    initiate: {
      bot_company: initiate.botCompany,
      bot_name: initiate.botName,
      task: initiate.task,
      agent_phone_number: initiate.operatorNumber,
      claim: initiate.claim.map(({ name, type, description }) => ({ name, type, description })),
      lang: initiate.language,
      prosody_rate: initiate.speechSpeed,
    },
    messages: messagesOf(record.transcript),
    ...readableFacts(facts),
    next: record.next,
    synthesis: record.synthesis,
    scenario: initiate.scenario,
    disposition: record.disposition,
    ...(record.optedOutAtMs === undefined ? {} : { opted_out_at: isoTime(record.optedOutAtMs) }),
    legs: record.legs,
    turns: record.turns.slice(-TURNS_KEPT),
    transfers: record.transfers,
    crm: { customer_id: record.crm.customerId, note_id: record.crm.noteId },
    missed: record.disposition === 'missed',
  };
}

const readableFacts = (facts: ConversationFacts): Omit<LiveFacts, 'version'> => ({
  lang: facts.language,
  claim: facts.claim,
  reminders: facts.reminders.map(reminder),
  dialog_state: facts.dialogState,
  intent: facts.intent,
  intent_confidence: facts.intentConfidence,
});

/** What a media host notes of them with a turn. */
export const liveFacts = (facts: ConversationFacts, version: number): LiveFacts => ({
  version,
  ...readableFacts(facts),
});

export const messagesOf = (transcript: readonly TranscriptEntry[]): MessageDocument[] =>
  transcript.filter(worthReading).map(message);

/** A sentence of which nothing was heard says nothing to a reader, unless tools ran with it. */
const worthReading = (entry: TranscriptEntry): boolean =>
  entry.text !== '' || entry.toolCalls.length > 0 || entry.action !== 'talk';

function message(entry: TranscriptEntry): MessageDocument {
  return {
    created_at: isoTime(entry.atMs),
    action: entry.action,
    persona: entry.persona,
    content: entry.text,
    style: entry.style ?? 'none',
    tool_calls: entry.toolCalls.map((call) => {
      const result = entry.toolResults.find((each) => each.toolUseId === call.toolUseId);
      return {
        name: call.name,
        arguments: call.arguments,
        result: result?.content ?? '',
        is_error: result?.isError ?? false,
      };
    }),
    interrupted: entry.persona === 'assistant' && entry.intended !== null && entry.intended !== entry.text,
    ...(entry.sms === undefined ? {} : { sms: textDocument(entry.sms) }),
  };
}

const textDocument = ({ messageId, ref, status }: TextMark): TextDocument => ({
  message_id: messageId,
  ref,
  status,
  detail: null,
});

function reminder(each: Reminder): ReminderDocument {
  return {
    created_at: isoTime(each.createdAtMs),
    title: each.title,
    description: each.description,
    due_date_time: each.dueDateTime,
    owner: each.owner,
    callback_id: each.callbackId,
  };
}

/** Above whatever its own last saves may still bring. */
const ABOVE_ITS_OWN = 1_000;

/** [LN14] A call whose workflow was ended by force says so nowhere itself; null = this one has closed. */
export function endedByForce(document: CallDocument, nowMs: number): CallDocument | null {
  if (document.phase === 'closed') return null;
  const at = isoTime(nowMs);
  return {
    ...document,
    version: document.version + ABOVE_ITS_OWN,
    phase: 'closed',
    in_progress: false,
    disposition: document.disposition ?? 'failed',
    updated_at: at,
    closed_at: at,
  };
}
