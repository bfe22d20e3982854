/** The turns of a conversation: what the customer said is committed, answered by the host that holds the line, and noted as it was heard. */
import { condition, isCancellation, log } from '@temporalio/workflow';

import { guidanceFor, onMisunderstanding, onSilence } from '../../domain/dialog.ts';
import { factsAfterHearing } from '../../domain/dialog-hearing.ts';
import type { TranscriptEntry } from '../../domain/conversation.ts';
import { isOpening } from '../../domain/dialog-opening.ts';
import { newEntry, thinned, withHeard } from '../../domain/dialog-transcript.ts';
import { ESCALATION_PHRASES, escalationReason } from '../../domain/escalation.ts';
import type { ConnectId, TurnId } from '../../domain/ids.ts';
import { phrase, type PhraseKind } from '../../domain/phrases.ts';
import type { ToolResult } from '../../domain/tools.ts';
import { leanQuestion, wholeAnswer, wholeTurn, type LeanQuestion, type LeanTurn } from '../../domain/turn-wire.ts';
import { speaking } from '../proxies.ts';
import { noteReply, noteResults } from './replies.ts';
import { CLAIMED_AGAIN, dialogFacts, hostIsLost, loseHost, missedBeats } from './media.ts';
import type { AnswerTurnInput, AnswerTurnOutcome, TurnRequest } from './messages.ts';
import { optOut, wishAnswer } from './opting-out.ts';
import { save, tellStory } from './saving.ts';
import { facts, type CallRun, type Floor } from './state.ts';
import { newsTold } from './text-news.ts';
import { afterTools, runTools, type AfterTools, type Asked } from './tools.ts';
import { countDeaf, promiseCall, troubleAnswer } from './trouble.ts';

const TOOL_ROUNDS = 3;
/** As long as a customer may wait for a new host before the turn is given up; reconnects take 1–3 s. */
const NEW_HOST_MS = 30_000;
/** Tools of an overtaken turn usually need milliseconds; their results belong into the next answer. */
const OVERTAKEN_TOOLS_MS = 2_000;
const HOSTS_TRIED = 4;

export async function replyTo(run: CallRun, given: LeanTurn<TurnRequest>): Promise<undefined> {
  run.updates += 1;
  // [AD2] A machine talks on whatever is said to it.
  if (run.state.machine !== undefined) return;
  const turn = wholeTurn<TurnRequest>(given);
  const floor = takeFloor(run, turn.turnId);
  hear(run, turn);
  try {
    const policy = policyFor(run, turn);
    if (policy === null) await converse(run, floor, turn);
    else await follow(run, floor, { turn, policy });
  } finally {
    if (run.state.pending?.request.turnId === turn.turnId) run.state.pending = null;
    tellStory(run);
  }
}

/** [TT2] A newer turn takes the floor; the one before it finishes nothing more. */
export function takeFloor(run: CallRun, turnId: TurnId): Floor {
  run.floor = { turnId };
  return run.floor;
}

const holds = (run: CallRun, floor: Floor): boolean => run.floor === floor;

/** The commit: from here on it is history. */
function hear(run: CallRun, turn: TurnRequest): void {
  const { state } = run;
  const { record } = state;
  for (const report of turn.heard) record.transcript = withHeard(record.transcript, report);
  const opening = turn.heard.find(({ turnId }) => isOpening(turnId));
  if (opening !== undefined) run.openingHeard = heardOf(record.transcript, opening.turnId);
  if (turn.via === 'silence') state.silences += 1;
  else state.silences = 0;
  if (turn.via === 'noise') state.misunderstandings += 1;
  countDeaf(run, turn);
  state.pending = { request: turn, round: 0 };
  if (turn.utterance === '') return;
  state.misunderstandings = 0;
  // A text message was noted when it came.
  if (turn.via !== 'text')
    record.transcript = thinned([
      ...record.transcript,
      newEntry({ turnId: turn.turnId, persona: 'human', text: turn.utterance, atMs: turn.spokenAtMs }),
    ]);
  record.facts = factsAfterHearing(record.facts, turn.utterance, record.initiate.claim);
}

interface Policy {
  phrase: PhraseKind;
  /** After the words were played. */
  then: AfterTools;
  /** What the customer is promised a call for. */
  promise?: string | null;
  /** In place of the phrase. */
  words?: string;
  /** They want no more calls, in these words. */
  optsOut?: string;
}

/** [ES1, CL2, CL3, OO7] What is decided without a model. */
function policyFor(run: CallRun, turn: TurnRequest): Policy | null {
  const { state } = run;
  const trouble = troubleAnswer(run, turn);
  if (trouble !== null) return trouble;
  if (turn.via === 'silence' || turn.via === 'noise') {
    const answer =
      turn.via === 'silence'
        ? onSilence(state.silences, state.rules)
        : onMisunderstanding(state.misunderstandings, state.rules);
    switch (answer) {
      case 'still_there':
        return { phrase: 'still_there', then: { kind: 'go_on' } };
      case 'say_again':
        return { phrase: 'didnt_hear', then: { kind: 'go_on' } };
      case 'say_goodbye':
        return { phrase: 'goodbye', then: { kind: 'hang_up', reason: 'nobody was heard', onPurpose: false } };
      case 'bring_human':
        return {
          phrase: 'connecting_operator',
          then: { kind: 'transfer', reason: 'The bot did not understand the customer' },
        };
    }
  }
  const wish = wishAnswer(run, turn.utterance);
  if (wish !== null) return { phrase: 'goodbye', ...wish };
  const reason = escalationReason(
    turn.utterance,
    facts(run).language,
    state.rules.escalationPhrases ?? ESCALATION_PHRASES,
  );
  return reason === null
    ? null
    : {
        phrase: state.record.initiate.operatorNumber === null ? 'one_moment' : 'connecting_operator',
        then: { kind: 'transfer', reason },
      };
}

async function follow(
  run: CallRun,
  floor: Floor,
  { turn, policy }: { turn: TurnRequest; policy: Policy },
): Promise<void> {
  // Promised before it is said: a line that drops meanwhile takes no promise with it.
  if (policy.promise != null) await promiseCall(run, policy.promise);
  if (policy.optsOut !== undefined) await optOut(run, policy.optsOut);
  const outcome = await ask(run, floor, {
    ...wordsFor(turn),
    say: policy.words ?? spoken(run, policy.phrase),
    allowTools: false,
  });
  if (outcome !== null) noteReply(run, outcome, []);
  if (holds(run, floor) && outcome?.ended !== 'interrupted') afterTools(run, policy.then);
}

async function converse(run: CallRun, floor: Floor, turn: TurnRequest): Promise<void> {
  let toolResults = await resultsOfOvertakenTools(run, floor);
  const asked: Asked = new Map();
  for (let round = 0; ; round += 1) {
    const shown = facts(run).textNews ?? [];
    const outcome = await ask(run, floor, {
      ...wordsFor(turn),
      round,
      utterance: round === 0 ? turn.utterance : '',
      toolResults,
      allowTools: round < TOOL_ROUNDS,
    });
    if (outcome === null) return;
    // A reply that the customer talked over was still committed; one that was overtaken never counted.
    const calls = outcome.ended === 'superseded' ? [] : outcome.toolCalls;
    const entry = noteReply(run, outcome, calls);
    if (calls.length === 0) {
      if (outcome.ended === 'played' || outcome.heardText !== '') newsTold(run, shown);
      return;
    }
    const { results, then } = await runTools(run, {
      floor,
      turnId: turn.turnId,
      calls,
      asked,
      interrupted: outcome.ended === 'interrupted',
    });
    noteResults(run, entry, results);
    if (!holds(run, floor) || outcome.ended !== 'awaiting_tools') {
      run.resultsWaiting = results;
      save(run);
      return;
    }
    if (run.state.pending !== null) run.state.pending.round = round + 1;
    toolResults = results;
    if (then.kind !== 'go_on') {
      await conclude(run, floor, { turn, round: round + 1, toolResults, outcome, then });
      return;
    }
  }
}

interface Conclusion {
  turn: TurnRequest;
  round: number;
  toolResults: ToolResult[];
  outcome: AnswerTurnOutcome;
  then: AfterTools;
}

/**
 * [TT3] A goodbye or an announcement is played to its end before the line is touched; who speaks into it keeps the bot.
 * Where the model has said it itself, the last round adds no words (`say: ''`) and only waits for the sound.
 */
async function conclude(
  run: CallRun,
  floor: Floor,
  { turn, round, toolResults, outcome, then }: Conclusion,
): Promise<void> {
  const kind: PhraseKind = then.kind === 'transfer' ? 'connecting_operator' : 'goodbye';
  const words = outcome.said === '' ? spoken(run, kind) : '';
  const last = await ask(run, floor, {
    ...wordsFor(turn),
    round,
    utterance: '',
    toolResults,
    say: words,
    allowTools: false,
  });
  if (last !== null) noteReply(run, last, []);
  if (last?.ended !== 'interrupted' && holds(run, floor)) afterTools(run, then);
}

async function resultsOfOvertakenTools(run: CallRun, floor: Floor): Promise<ToolResult[]> {
  if (run.toolsRunning > 0) await condition(() => run.toolsRunning === 0 || !holds(run, floor), OVERTAKEN_TOOLS_MS);
  const results = run.resultsWaiting;
  run.resultsWaiting = [];
  return results;
}

type Words = Pick<AnswerTurnInput, 'turnId' | 'utterance' | 'via' | 'round' | 'toolResults' | 'say' | 'allowTools'>;

const wordsFor = (turn: TurnRequest): Words => ({
  turnId: turn.turnId,
  utterance: turn.utterance,
  via: turn.via,
  round: 0,
  toolResults: [],
  say: null,
  allowTools: true,
});

/** [RC4] Asks the host that holds the line; when that is lost, the next one answers the same utterance. Null = nobody to answer any more. */
async function ask(run: CallRun, floor: Floor, words: Words): Promise<AnswerTurnOutcome | null> {
  let doubted: ConnectId | null = null;
  for (let tried = 0; tried < HOSTS_TRIED; tried += 1) {
    const media = await hostOnTheLine(run, floor);
    if (media === null) return null;
    const { connectId, hostId } = media;
    const claimedWithin = connectId === doubted ? CLAIMED_AGAIN : undefined;
    // A host that takes over has the tools' results in its transcript already.
    const toolResults = tried === 0 ? words.toolResults : [];
    try {
      const question = { ...words, toolResults, callId: run.state.record.callId, connectId, ...news(run) };
      const answer = await speaking(hostId, summaryOf(words), claimedWithin).answerTurn(asUnderstood(run, question));
      const outcome = wholeAnswer<AnswerTurnOutcome>(answer, words);
      if (outcome.noted === false) save(run);
      if (outcome.ended !== 'leg_gone' || outcome.said !== '') return outcome;
      if (run.state.media?.connectId === connectId) run.state.media = null;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (!hostIsLost(error)) return await excuse(run, floor, { words, error });
      // The same round asked again is spoken once.
      if (missedBeats(error) && run.state.media?.connectId === connectId && doubted !== connectId) doubted = connectId;
      else loseHost(run, media);
    }
  }
  return null;
}

async function excuse(
  run: CallRun,
  floor: Floor,
  { words, error }: { words: Words; error: unknown },
): Promise<AnswerTurnOutcome | null> {
  log.error('a turn could not be answered', { turnId: words.turnId, error: String(error) });
  run.factsSent = null;
  return words.say === null ? await ask(run, floor, { ...words, say: spoken(run, 'error'), allowTools: false }) : null;
}

async function hostOnTheLine(run: CallRun, floor: Floor): Promise<CallRun['state']['media']> {
  const { state } = run;
  const settled = (): boolean =>
    state.media !== null || !holds(run, floor) || state.customer === null || state.transfer !== null || run.done;
  if (!settled()) await condition(settled, NEW_HOST_MS, { summary: 'Waiting for a media host to take over' });
  return holds(run, floor) && state.customer !== null ? state.media : null;
}

type News = Pick<AnswerTurnInput, 'facts' | 'version' | 'opening'>;

/** What the host does not know yet, for its answer and for its note of the turn. */
function news(run: CallRun): News {
  const opening = run.openingHeard === null ? {} : { opening: run.openingHeard };
  run.openingHeard = null;
  const now = JSON.stringify(facts(run));
  if (run.factsSent === now) return { facts: null, ...opening };
  run.factsSent = now;
  // Newer than any save before it, and older than the next.
  run.state.record.version += 1;
  return { facts: facts(run), version: run.state.record.version, ...opening };
}

const heardOf = (transcript: readonly TranscriptEntry[], turnId: string): string | null =>
  transcript.find((entry) => entry.turnId === turnId && entry.text !== '')?.text ?? null;

/** A host of the release before wants every part, and guidance, which newer ones make of the facts themselves. */
function asUnderstood(run: CallRun, question: Omit<AnswerTurnInput, 'guidance'>): LeanQuestion<AnswerTurnInput> {
  const { connects } = run.state;
  if (connects.find(({ connectId }) => connectId === question.connectId)?.lean === true)
    return leanQuestion<AnswerTurnInput>({ ...question, guidance: null });
  const guidance = question.say === null ? guidanceFor(facts(run).dialogState, dialogFacts(run)) : null;
  return { ...question, guidance };
}

function summaryOf(words: Words): string {
  if (words.say !== null) return 'Say a set phrase';
  return words.round === 0 ? 'Answer the customer' : 'Answer with what the tools found';
}

export function spoken(run: CallRun, kind: PhraseKind): string {
  const { botCompany, botName } = run.state.record.initiate;
  return phrase(kind, facts(run).language, {
    variables: { company: botCompany, botName, customerName: facts(run).customerName },
  });
}

/** Words from outside a turn: the API's `say`, an announcement before a transfer. */
export async function sayAside(run: CallRun, text: string, turnId: TurnId): Promise<void> {
  const floor = takeFloor(run, turnId);
  const outcome = await ask(run, floor, {
    turnId,
    utterance: '',
    via: 'silence',
    round: 0,
    toolResults: [],
    say: text,
    allowTools: false,
  });
  if (outcome !== null) noteReply(run, outcome, []);
  save(run);
}
