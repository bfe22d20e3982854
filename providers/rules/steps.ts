/** The steps of a conversation that follow from what is known, whatever was said last. */
import type { ClaimField } from '../../domain/claim.ts';
import { filled, phrase, type PhraseKind, type PhraseVariables } from '../../domain/phrases.ts';
import { meansFor, wayToAsk } from '../../domain/read-back.ts';
import type { ToolName } from '../../domain/tools.ts';
import { hears } from './book.ts';
import { fieldAskedIn, type Situation } from './situation.ts';
import { askedByText, containsOneOf, fresh, questionFor, summaryOf, textQuestion } from './wording.ts';

export interface Reply {
  text: string;
  calls: { name: ToolName; arguments: Record<string, unknown> }[];
}

export const say = (...parts: (string | null)[]): Reply => ({
  text: parts.filter((part) => part !== null && part !== '').join(' '),
  calls: [],
});

export function stock({ state, setup, said }: Situation, kind: PhraseKind, more: PhraseVariables = {}): string {
  return phrase(kind, state.language, {
    variables: { company: setup.company, botName: setup.bot_name, customerName: state.customer_name, ...more },
    // The first goodbye thanks for a call.
    pick: kind === 'goodbye' && state.in_writing === true ? 1 : said.length,
  });
}

/** The next question: a missing field, the summary, anything else; a person where the words run out. */
export function nextStep(situation: Situation, before = ''): Reply {
  const { book, missing, leftOut, said } = situation;
  const field = missing.find(({ name }) => !leftOut.has(name));
  if (field !== undefined) return askFor(field, situation, { before, attempt: attemptAt(field, situation) });
  if (!isConfirmed(situation)) {
    const confirm = fresh(book.confirmQuestion, said);
    const summary = summaryOf(situation);
    if (confirm !== null && summary !== '') return say(before, filled(book.summary, { summary }), confirm);
  }
  const more = fresh(book.anythingElse, said);
  return more === null ? offerHuman(situation) : say(before, more);
}

/** [RB2] An address or a name that did not hold twice is asked for in a text message, once; where none can be sent, in ever surer ways. */
export function askFor(
  field: ClaimField,
  situation: Situation,
  { before, attempt }: { before: string | null; attempt: number },
): Reply {
  const { book, state, tools, said, done } = situation;
  const written =
    wayToAsk(field, attempt, meansFor(state.customer_phone)) === 'text_message' &&
    state.in_writing !== true &&
    tools.has('send_sms') &&
    !said.some((text) => text.includes(askedByText(field, book))) &&
    !done.some(({ call }) => call.name === 'send_sms');
  if (written)
    return { text: '', calls: [{ name: 'send_sms', arguments: { message: textQuestion(field, situation) } }] };
  return say(before, questionFor(field, { book, attempt }));
}

/** [RB2] Asked before in vain or answered with what did not hold, whichever was more often. */
const attemptAt = (field: ClaimField, situation: Situation): number =>
  Math.max(timesAsked(field, situation), situation.state.tries[field.name] ?? 0);

/** Asked again at once: never in the first way. */
export const nextAttempt = (field: ClaimField, situation: Situation): number =>
  Math.max(1, attemptAt(field, situation));

function timesAsked(field: ClaimField, { said, setup, book }: Situation): number {
  return said.filter((text) => fieldAskedIn(text, { setup, book })?.name === field.name).length;
}

/** The last summary was answered with yes, and nothing has changed since. */
function isConfirmed({ exchanges, question, utterance, book, done }: Situation): boolean {
  const all = [...exchanges, { bot: question, customer: utterance }];
  const last = all.findLast(({ bot }) => containsOneOf(bot, book.confirmQuestion));
  const changed = done.some(({ call }) => call.name === 'update_claim');
  return last !== undefined && !changed && hears(book, 'yes', last.customer) && !hears(book, 'no', last.customer);
}

export function offerHuman(situation: Situation): Reply {
  const offer = situation.tools.has('talk_to_human') ? fresh(situation.book.offerHuman, situation.said) : null;
  return offer === null ? farewell(situation) : say(offer);
}

export function farewell(situation: Situation): Reply {
  return {
    text: phraseGoodbye(situation),
    calls: situation.tools.has('end_call') ? [{ name: 'end_call', arguments: {} }] : [],
  };
}

export const phraseGoodbye = (situation: Situation): string => stock(situation, 'goodbye');
