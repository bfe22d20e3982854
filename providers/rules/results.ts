/** What is said once the tools of this turn have come back. */
import { CALLER_FIELDS, type ClaimField } from '../../domain/claim.ts';
import { optOutAnswer } from '../../domain/opt-out-words.ts';
import { filled } from '../../domain/phrases.ts';
import { isBusy, zoneIsMissing } from './reminders.ts';
import { updatesOf, type DoneTool, type Situation } from './situation.ts';
import { askFor, nextAttempt, nextStep, say, stock, type Reply } from './steps.ts';
import { askedByText, fresh, inTurn, questionFor, saidAfterNoting, spokenMoment, textQuestion } from './wording.ts';

const ANSWER_CHARS = 280;
const NOTHING_FOUND =
  /nothing (?:was )?found|no (?:results?|documents?|matches|answer)|not found|unavailable|^\s*(?:\[\]|\{\}|null)?\s*$/i;
const MAX_RETRIES = 2;

export function afterTools(situation: Situation): Reply {
  const last = situation.done.slice(-lastRoundSize(situation));
  const failed = last.find(({ call, result }) => call.name === 'update_claim' && result.isError);
  if (failed !== undefined) return claimRefused(failed, situation);
  if (last.some(({ call }) => call.name === 'end_call')) return say(stock(situation, 'goodbye'));
  const texted = askedInText(last, situation);
  if (texted !== null) return texted;
  const open = refusedBefore(situation);
  if (open !== null)
    return askFor(open, situation, {
      before: fresh(situation.book.again, situation.said),
      attempt: nextAttempt(open, situation),
    });
  const optedOut = last.find(({ call }) => call.name === 'opt_out');
  if (optedOut !== undefined) return say(spokenResult(optedOut, situation));
  const handOver = last.find(({ call }) => call.name === 'talk_to_human');
  if (handOver !== undefined) return say(stock(situation, handOver.result.isError ? 'operator_failed' : 'one_moment'));
  const spoken = last
    .filter((done) => !zoneIsMissing(done) || fresh(situation.book.whichCity, situation.said) === null)
    .map((done) => spokenResult(done, situation))
    .filter((part) => part !== '');
  const city = last.some(zoneIsMissing) ? fresh(situation.book.whichCity, situation.said) : null;
  if (city !== null) return say(...spoken, city);
  const promised = last.some(({ call, result }) => call.name === 'create_or_update_reminder' && !result.isError);
  const more = promised && isBusy(situation.utterance) ? fresh(situation.book.anythingElse, situation.said) : null;
  return more === null ? nextStep(situation, spoken.join(' ')) : say(...spoken, more);
}

/** [RB2] The question has gone out by text message; where it has not, it is asked aloud. */
function askedInText(last: readonly DoneTool[], situation: Situation): Reply | null {
  const { book, setup } = situation;
  for (const { call, result } of last) {
    if (call.name !== 'send_sms') continue;
    const field = setup.claim_fields.find((each) => call.arguments['message'] === textQuestion(each, situation));
    if (field === undefined) continue;
    return result.isError
      ? say(questionFor(field, { book, attempt: nextAttempt(field, situation) }))
      : say(askedByText(field, book));
  }
  return null;
}

/** Results of earlier rounds of the same turn have been spoken of already. */
function lastRoundSize({ done, rounds }: Situation): number {
  return rounds <= 1 ? done.length : 1;
}

function spokenResult({ call, result }: DoneTool, situation: Situation): string {
  const { book } = situation;
  switch (call.name) {
    case 'update_claim':
      return noted(updatesOf(call), situation);
    case 'create_or_update_reminder':
      return result.isError ? book.failed : filled(book.callbackNoted, { when: spokenMoment(dueOf(call), situation) });
    case 'cancel_reminder':
      return result.isError ? book.failed : book.callbackCancelled;
    case 'send_sms':
      return result.isError ? book.failed : book.smsSent;
    case 'set_language':
      return result.isError ? book.failed : book.languageChanged;
    case 'set_speech_speed':
      return result.isError ? book.failed : book.speedChanged;
    case 'new_claim':
      return result.isError ? book.failed : book.newClaim;
    case 'opt_out':
      return result.isError ? book.failed : optOutAnswer('saidAndOn', situation.state.language);
    case 'search_knowledge':
      return found(result, situation);
    default:
      return result.isError ? book.failed : '';
  }
}

function dueOf(call: DoneTool['call']): string {
  const due = call.arguments['due_date_time'];
  return typeof due === 'string' ? due : '';
}

/** [RB3] E-mails, names, numbers and times are said back, so that the customer can object; anything else is thanked for. */
function noted(updates: { field: string; value: string }[], situation: Situation): string {
  const { setup, book, state } = situation;
  const back = updates.flatMap(({ field: name, value }) => {
    const field = setup.claim_fields.find((candidate) => candidate.name === name);
    const back = field === undefined ? null : saidAfterNoting(field, state.claim[name] ?? value, situation);
    return back === null ? [] : [back];
  });
  return back.length === 0
    ? inTurn(book.noted, situation)
    : inTurn(book.notedValue, situation, { value: back.join(', ') });
}

/** The refused field is asked for again, differently; what was refused along with it is offered once more. */
function claimRefused({ call, result }: DoneTool, situation: Situation): Reply {
  const { book, setup, rounds, said } = situation;
  const updates = updatesOf(call);
  const blamed = updates.filter(({ field }) => result.content.includes(field));
  const innocent = blamed.length === 0 ? [] : updates.filter((update) => !blamed.includes(update));
  if (innocent.length > 0 && rounds <= MAX_RETRIES)
    return { text: '', calls: [{ name: 'update_claim', arguments: { updates: innocent } }] };
  const name = (blamed[0] ?? updates[0])?.field;
  const field = fieldNamed(setup.claim_fields, name);
  const sorry = fresh(book.again, said) ?? book.failed;
  if (field === null || situation.leftOut.has(field.name)) return nextStep(situation, sorry);
  return askFor(field, situation, { before: sorry, attempt: nextAttempt(field, situation) });
}

/** A field refused in an earlier round of this turn, and still empty: the customer has to hear of it. */
function refusedBefore({ done, missing, leftOut }: Situation): ClaimField | null {
  const refusals = done.filter(({ call, result }) => call.name === 'update_claim' && result.isError);
  return (
    missing.find(
      ({ name }) =>
        !leftOut.has(name) &&
        refusals.some(
          ({ call, result }) => result.content.includes(name) && updatesOf(call).some(({ field }) => field === name),
        ),
    ) ?? null
  );
}

function fieldNamed(fields: readonly ClaimField[], name: string | undefined): ClaimField | null {
  return fields.find((field) => field.name === name) ?? CALLER_FIELDS.find((field) => field.name === name) ?? null;
}

function found(result: DoneTool['result'], situation: Situation): string {
  const { book, said } = situation;
  if (result.isError || NOTHING_FOUND.test(result.content)) return fresh(book.notKnown, said) ?? '';
  const plain = result.content
    .replace(/<[^>]+>|[#*_`>|[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const sentences = plain.match(/[^.!?]+[.!?]+/gu) ?? [plain];
  let answer = '';
  for (const sentence of sentences) {
    if (answer !== '' && (answer + sentence).length > ANSWER_CHARS) break;
    answer += sentence;
  }
  return answer.trim().slice(0, 2 * ANSWER_CHARS);
}
