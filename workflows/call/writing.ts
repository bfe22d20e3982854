/** A conversation in text messages: gathered, answered once, ended when nobody writes any more. */
import { condition, isCancellation, log } from '@temporalio/workflow';
import type { TranscriptEntry } from '../../domain/conversation.ts';
import { factsAfterHearing } from '../../domain/dialog-hearing.ts';
import { newEntry, thinned, VERBATIM_ENTRIES } from '../../domain/dialog-transcript.ts';
import { isoTime, TURNS_KEPT } from '../../domain/document.ts';
import { AFTER_FAILED_TRANSFER_MS } from '../../domain/due.ts';
import { ESCALATION_PHRASES, escalationReason } from '../../domain/escalation.ts';
import type { TurnId } from '../../domain/ids.ts';
import type { PhraseKind } from '../../domain/phrases.ts';
import { recapOf } from '../../domain/recap.ts';
import { AFTER_GOODBYE_MS, answerAtMs, isMachine, TEXTS_IDLE_MS, textTurnId, wordsOf } from '../../domain/sms.ts';
import { withRound } from '../../domain/turn-document.ts';
import type { Written } from '../../activities/writing.ts';
import { sendingTexts, writing } from '../proxies.ts';
import { afterTalk, tellLine } from './closing.ts';
import { spoken, takeFloor } from './conversation.ts';
import { reasonOf, whatIsKnown } from './media.ts';
import { remind } from './reminders.ts';
import { noteResults } from './replies.ts';
import { enterPhase, save, tellStory } from './saving.ts';
import { facts, type CallRun } from './state.ts';
import { matchReports, newsTold, reportsWait } from './text-news.ts';
import { takeTexts, textsWait } from './texting.ts';
import { afterTools, runTools, type Asked } from './tools.ts';

const TOOL_ROUNDS = 3;
/** What a model is shown of the conversation. */
const ENTRIES_SHOWN = 24;

/** [TM3] Everything that waits, in one answer. */
export async function write(run: CallRun): Promise<void> {
  const { state } = run;
  await enterWriting(run);
  await untilGathered(run);
  // They ring instead: what they wrote is read to the bot on the line.
  if (state.customer !== null) return;
  const texts = takeTexts(state);
  const last = texts.at(-1);
  if (last === undefined) return;
  const turnId = textTurnId(last.messageId);
  const words = wordsOf(texts);
  const { record } = state;
  state.endedOnPurpose = false;
  record.facts = factsAfterHearing(record.facts, words, record.initiate.claim);
  if (isMachine(record.transcript, Date.now())) await leaveToPeople(run);
  else await send(run, turnId, await answerTo(run, turnId, words));
  state.writtenAtMs = Date.now();
  tellStory(run);
}

async function enterWriting(run: CallRun): Promise<void> {
  const { state } = run;
  state.closeWanted = null;
  if (state.record.phase === 'texting') return;
  enterPhase(run, 'texting');
  delete state.cutShort;
  state.transferred = false;
  await tellLine(run, 'live');
}

async function untilGathered({ state }: CallRun): Promise<void> {
  for (;;) {
    const { texts = [] } = state;
    if (texts.length === 0 || state.customer !== null) return;
    const waitMs = answerAtMs(texts) - Date.now();
    if (waitMs <= 0) return;
    const more = (): boolean => (state.texts ?? []).length !== texts.length || state.customer !== null;
    await condition(more, waitMs, { summary: 'Does the customer write more?' });
  }
}

/** [ES1] A wish for a person needs no model; nobody can be put through to one in writing. */
async function answerTo(run: CallRun, turnId: TurnId, words: string): Promise<string> {
  const phrases = run.state.rules.escalationPhrases ?? ESCALATION_PHRASES;
  const reason = escalationReason(words, facts(run).language, phrases);
  return reason === null ? await compose(run, turnId) : await promiseColleague(run, reason);
}

/** [TM6] */
async function promiseColleague(run: CallRun, reason: string): Promise<string> {
  await askColleague(run, 'Customer writes and asks for a person', reason);
  return spoken(run, 'colleague_calls');
}

/** [TM10] What was written stays on record, and somebody is to look at it. */
async function leaveToPeople(run: CallRun): Promise<void> {
  const title = 'Texts that look like a machine’s';
  if (facts(run).reminders.some((reminder) => reminder.title === title)) return;
  await askColleague(run, title, 'The bot has stopped answering them.');
}

async function askColleague(run: CallRun, title: string, description: string): Promise<void> {
  const dueDateTime = isoTime(Date.now() + AFTER_FAILED_TRANSFER_MS);
  await remind(run, { title, description, dueDateTime, owner: 'human' });
}

async function compose(run: CallRun, turnId: TurnId): Promise<string> {
  const floor = takeFloor(run, turnId);
  const asked: Asked = new Map();
  let before = '';
  for (let round = 0; ; round += 1) {
    const allowTools = round < TOOL_ROUNDS;
    const shown = facts(run).textNews ?? [];
    const written = await writing(
      round === 0 ? 'Answer in writing' : 'Answer in writing what the tools found',
    ).answerInWriting(question(run, allowTools));
    const calls = allowTools ? written.toolCalls : [];
    const entry = noteRound(run, turnId, { ...written, toolCalls: calls });
    if (calls.length === 0) {
      if (written.text !== '') newsTold(run, shown);
      return textOf(run, [written.text, before], 'error');
    }
    before = written.text === '' ? before : written.text;
    const { results, then } = await runTools(run, { floor, turnId, calls, asked, interrupted: false });
    noteResults(run, entry, results);
    if (then.kind === 'transfer') return await promiseColleague(run, then.reason);
    if (then.kind === 'hang_up') {
      afterTools(run, then);
      // There is no line to hang up: who has another word to say may write it.
      run.state.hangUpWanted = null;
      return textOf(run, [written.text, before], 'goodbye');
    }
  }
}

const textOf = (run: CallRun, texts: string[], otherwise: PhraseKind): string =>
  texts.find((text) => text !== '') ?? spoken(run, otherwise);

function question(run: CallRun, allowTools: boolean) {
  const { record, memory } = run.state;
  const shown = record.transcript.filter(({ text, toolCalls }) => text !== '' || toolCalls.length > 0);
  return {
    initiate: record.initiate,
    facts: record.facts,
    transcript: shown.slice(-ENTRIES_SHOWN),
    recap: recapOf(shown.slice(0, Math.max(0, shown.length - ENTRIES_SHOWN + VERBATIM_ENTRIES)), whatIsKnown(run)),
    reason: reasonOf(run.input),
    customerNumber: record.customerNumber,
    returningCaller: memory !== null || record.facts.customerName !== null,
    allowTools,
  };
}

/** The words of a round with tools are not sent: those of the last one are. */
function noteRound(run: CallRun, turnId: TurnId, written: Written): TranscriptEntry | null {
  const { record } = run.state;
  const { answeredBy, model, usage, latency, toolCalls } = written;
  const round = { turn_id: turnId, at: isoTime(Date.now()), answered_by: answeredBy, model, usage, latency };
  record.turns = withRound(record.turns, round).slice(-TURNS_KEPT);
  if (toolCalls.length === 0) return null;
  const entry = { ...newEntry({ turnId, persona: 'assistant', text: '', atMs: Date.now() }), toolCalls };
  record.transcript = thinned([...record.transcript, entry]);
  return entry;
}

/** [TM4] Sent once; what was not sent stands as such in the report. */
async function send(run: CallRun, turnId: TurnId, text: string): Promise<void> {
  const { record } = run.state;
  const { customerNumber, botNumber, callId, transcript } = record;
  if (customerNumber === null) return;
  const first = !transcript.some((entry) => entry.persona === 'assistant' && entry.text !== '');
  const words = first ? `${spoken(run, 'written_by')} ${text}` : text;
  const atMs = Date.now();
  const sent = await sendingTexts('Send the answer')
    .sendText({ from: botNumber, to: customerNumber, text: words, idempotencyKey: `${callId}/${turnId}/answer` })
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      log.error('an answer in writing could not be sent', { error: String(error) });
      return { messages: [{ text: words, mark: { messageId: null, ref: null, status: 'failed' as const } }] };
    });
  const entries = sent.messages.map(({ text: part, mark }) => ({
    ...newEntry({ turnId, persona: 'assistant', text: part, atMs }, 'sms'),
    sms: mark,
  }));
  record.transcript = thinned([...record.transcript, ...entries]);
  if (reportsWait(run)) await matchReports(run);
  save(run);
}

/** [TM5] Nobody writes any more: over like a call, and taken up again like one. */
export async function untilTheyWrite(run: CallRun): Promise<void> {
  const { state } = run;
  const idleMs = state.endedOnPurpose ? AFTER_GOODBYE_MS : TEXTS_IDLE_MS;
  state.writtenAtMs ??= Date.now();
  const leftMs = Math.max(1, state.writtenAtMs + idleMs - Date.now());
  const goesOn = (): boolean => textsWait(state) || state.customer !== null;
  if (state.hangUpWanted === null)
    await condition(() => goesOn() || state.hangUpWanted !== null, leftMs, {
      summary: 'Without a text by then the conversation is over',
    });
  if (goesOn()) return;
  state.hangUpWanted = null;
  await afterTalk(run, 'written');
}
