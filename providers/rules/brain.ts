/** What to say and which tools to ask for, by rules: the answer to one request of the model's port. */
import type { ClaimField } from '../../domain/claim.ts';
import { escalationReason } from '../../domain/escalation.ts';
import { requestedLanguage, languageCode } from '../../domain/languages.ts';
import { optOutWish } from '../../domain/opt-out-speech.ts';
import { filled } from '../../domain/phrases.ts';
import type { LlmRequest } from '../llm.ts';
import { bookOf, hears, wants, wordsPattern, type Wordings } from './book.ts';
import { claimUpdates, isAskedAgain, isQuestion, type Update } from './extract.ts';
import { afterTools } from './results.ts';
import { cancelled, located, reminderFrom } from './reminders.ts';
import { mentions } from './fields.ts';
import { fieldAskedIn, situationOf, type Situation } from './situation.ts';
import { askFor, farewell, nextAttempt, nextStep, offerHuman, phraseGoodbye, say, stock, type Reply } from './steps.ts';
import { containsOneOf, fresh, inTurn, questionFor, saidAfterNoting, summaryOf, textQuestion } from './wording.ts';

const MAX_TOOL_ROUNDS = 3;
/** Said, spelled, keyed in: then what was noted stays, and the summary asks once more. */
const ASKED_AGAIN_MAX = 3;
/** "What?" asks for a repetition, not for knowledge. */
const MIN_WORDS_OF_A_QUESTION = 3;

export function replyTo(request: LlmRequest, nowMs: number): Reply {
  const situation = situationOf(request, nowMs);
  return withTextNews(answerTo(situation), situation);
}

/** Longer ones are nothing for the ear. */
const READ_OUT_CHARACTERS = 200;

/** [SM8] With the answer that closes the turn. What a text asked is asked anyway. */
function withTextNews(reply: Reply, situation: Situation): Reply {
  const { state, setup } = situation;
  const { text_news: news = [] } = state;
  if (news.length === 0 || reply.calls.length > 0 || reply.text === '') return reply;
  const told = news.map(({ text, arrived }) => {
    const asks = text.endsWith('?') || setup.claim_fields.some((field) => textQuestion(field, situation) === text);
    const readOut = asks || text.length > READ_OUT_CHARACTERS ? null : text;
    return arrived ? stock(situation, 'text_arrived') : stock(situation, 'text_failed', { text: readOut });
  });
  // It may have failed while it was still to be said that it was sent.
  const { smsSent } = situation.book;
  const rest = reply.text.startsWith(smsSent) ? reply.text.slice(smsSent.length).trim() : reply.text;
  return { ...reply, text: [...new Set(told), rest].join(' ').trim() };
}

function answerTo(situation: Situation): Reply {
  if (situation.done.length > 0) return afterTools(situation);
  if (situation.utterance === '') return wordless(situation);
  return (
    optOut(situation) ??
    handOver(situation) ??
    located(situation) ??
    cancelled(situation) ??
    objected(situation) ??
    actOn(situation) ??
    smallTalk(situation) ??
    closing(situation) ??
    answerQuestion(situation) ??
    notUnderstood(situation)
  );
}

function wordless(situation: Situation): Reply {
  if (situation.said.length === 0) return say(stock(situation, 'greeting'));
  return say(stock(situation, situation.notUnderstood ? 'didnt_hear' : 'still_there'));
}

/** [OO7] */
function optOut({ utterance, state, tools }: Situation): Reply | null {
  if (!tools.has('opt_out') || optOutWish(utterance, state.language) === null) return null;
  return { text: '', calls: [{ name: 'opt_out', arguments: {} }] };
}

/** A person is asked for, or the offer of one is taken. */
function handOver(situation: Situation): Reply | null {
  const { utterance, book, question, state, tools } = situation;
  if (!tools.has('talk_to_human')) return null;
  const accepted =
    containsOneOf(question, book.offerHuman) && hears(book, 'yes', utterance) && !hears(book, 'no', utterance);
  const reason = escalationReason(utterance, state.language) ?? (accepted ? 'accepted the offer of a colleague' : null);
  if (reason === null) return null;
  return {
    text: stock(situation, 'connecting_operator'),
    calls: [{ name: 'talk_to_human', arguments: { reason: handOverReason(reason, situation) } }],
  };
}

function handOverReason(reason: string, situation: Situation): string {
  const known = summaryOf({ ...situation, book: bookOf('en') });
  return `${reason}. Customer said: "${situation.utterance.slice(0, 200)}".${known === '' ? '' : ` Known: ${known.slice(0, 220)}.`}`;
}

/** [RB1] "No, it's Petrova with an a", to what was just said back: taken if it can be made out, else asked for in the next way. */
function objected(situation: Situation): Reply | null {
  const { utterance, book, question, setup, state, tools } = situation;
  if (!tools.has('update_claim') || containsOneOf(question, book.confirmQuestion)) return null;
  if (!hears(book, 'no', utterance) && !hears(book, 'wrong', utterance)) return null;
  const backs = setup.claim_fields.filter((field) => {
    const value = state.claim[field.name] ?? '';
    const said = value === '' ? null : saidAfterNoting(field, value, situation);
    return said !== null && question.includes(said);
  });
  const field = backs.length === 1 ? backs[0] : backs.find((each) => mentions(utterance, each, book));
  if (field === undefined) return null;
  const denial = new RegExp(
    `^[\\s,.]*(?:${wordsPattern(`${book.hears.no}|${book.hears.wrong}`).source}[\\s,.!]*)+`,
    'iu',
  );
  const meant = { ...situation, asked: field, utterance: utterance.replace(denial, '') };
  const updates = meant.utterance === '' ? [] : claimUpdates(meant, { dateIsTaken: false });
  if (updates.some((update) => update.field === field.name))
    return { text: '', calls: [{ name: 'update_claim', arguments: { updates } }] };
  return askFor(field, situation, {
    before: fresh(book.again, situation.said),
    attempt: nextAttempt(field, situation),
  });
}

/** Everything in the utterance that a tool has to do, all at once. */
function actOn(situation: Situation): Reply | null {
  const { utterance, book, tools, state } = situation;
  if (hears(book, 'injection', utterance)) return null;
  const reminder = reminderFrom(situation);
  const calls: Reply['calls'] = [];
  const language = requestedLanguage(utterance);
  const changesLanguage = language !== null && languageCode(language) !== languageCode(state.language);
  if (changesLanguage) calls.push({ name: 'set_language', arguments: { language } });
  if (hears(book, 'slower', utterance))
    calls.push({ name: 'set_speech_speed', arguments: { speed: Math.max(0.75, round(state.speech_speed - 0.15)) } });
  else if (hears(book, 'faster', utterance))
    calls.push({ name: 'set_speech_speed', arguments: { speed: Math.min(1.25, round(state.speech_speed + 0.15)) } });
  if (hears(book, 'newCase', utterance)) calls.push({ name: 'new_claim', arguments: {} });
  if (calls.length === 0) addClaim(situation, { calls, dateIsTaken: reminder.asked });
  if (reminder.call !== null) calls.push({ name: 'create_or_update_reminder', arguments: reminder.call });
  if (wants(book, 'sms', utterance)) calls.push({ name: 'send_sms', arguments: { message: smsText(situation) } });
  const possible = calls.filter((call) => tools.has(call.name));
  if (reminder.asked && reminder.call === null)
    return {
      text: possible.length > 0 ? '' : (fresh(book.callbackWhen, situation.said) ?? stock(situation, 'didnt_hear')),
      calls: possible,
    };
  return possible.length === 0 || situation.rounds >= MAX_TOOL_ROUNDS ? null : { text: '', calls: possible };
}

const round = (speed: number): number => Math.round(speed * 100) / 100;

function addClaim(situation: Situation, { calls, dateIsTaken }: { calls: Reply['calls']; dateIsTaken: boolean }): void {
  const updates: Update[] = claimUpdates(situation, { dateIsTaken });
  if (updates.length > 0) calls.push({ name: 'update_claim', arguments: { updates } });
}

function smsText(situation: Situation): string {
  const { book, setup } = situation;
  const summary = summaryOf(situation);
  return filled(book.smsText, { company: setup.company, summary }).slice(0, 600);
}

/** Who are you, are you there, say it again; and attempts to give the bot another task. */
function smallTalk(situation: Situation): Reply | null {
  const { utterance, book, setup, said } = situation;
  const goOn = (): string => nextStep(situation).text;
  if (hears(book, 'injection', utterance))
    return say(fresh(book.declined, said) ?? stock(situation, 'didnt_hear'), goOn());
  if (hears(book, 'machine', utterance))
    return say(filled(book.whoIAm, { botName: setup.bot_name, company: setup.company }), goOn());
  if (hears(book, 'hearMe', utterance)) return say(inTurn(book.noted, situation), goOn());
  if (hears(book, 'repeat', utterance)) return nextStep(situation);
  return null;
}

/** Yes and no to a summary, nothing else, goodbye. */
function closing(situation: Situation): Reply | null {
  const { utterance, book, question } = situation;
  const no = hears(book, 'no', utterance) || hears(book, 'wrong', utterance);
  const yes = hears(book, 'yes', utterance) && !no;
  const askedMore = containsOneOf(question, book.anythingElse.map(lastSentence) as unknown as Wordings);
  if (
    hears(book, 'goodbye', utterance) ||
    (hears(book, 'nothingElse', utterance) && !containsOneOf(question, book.confirmQuestion)) ||
    (askedMore && no)
  )
    return farewell(situation);
  if (askedMore && yes) return say(fresh(book.howHelp, situation.said) ?? stock(situation, 'didnt_hear'));
  if (containsOneOf(question, book.offerHuman) && no) return nextStep(situation, inTurn(book.noted, situation));
  if (containsOneOf(question, book.correctWhat) || (containsOneOf(question, book.confirmQuestion) && no)) {
    const field = fieldToCorrect(situation);
    if (field !== null) return say(inTurn(book.noted, situation), questionFor(field, { book, attempt: 0 }));
    if (containsOneOf(question, book.confirmQuestion))
      return say(fresh(book.correctWhat, situation.said) ?? stock(situation, 'didnt_hear'));
  }
  if (containsOneOf(question, book.confirmQuestion) && yes)
    return say(fresh(book.anythingElse, situation.said) ?? phraseGoodbye(situation));
  if (hears(book, 'dontKnow', utterance) && situation.asked !== null) return nextStep(situation, book.leftOut);
  return null;
}

const lastSentence = (text: string): string => text.match(/[^.!]+[?.!]*$/u)?.[0].trim() ?? text;

function fieldToCorrect({ utterance, setup, book }: Situation): ClaimField | null {
  return (
    setup.claim_fields.find((field) => mentions(utterance, field, book)) ??
    fieldAskedIn(`${utterance}?`, { setup, book })
  );
}

function answerQuestion(situation: Situation): Reply | null {
  const { utterance, tools } = situation;
  if (!isQuestion(utterance, situation) && !utterance.trimEnd().endsWith('?')) return null;
  if (utterance.split(/\s+/).length < MIN_WORDS_OF_A_QUESTION) return null;
  if (!tools.has('search_knowledge')) return nextStep(situation, fresh(situation.book.notKnown, situation.said) ?? '');
  return { text: '', calls: [{ name: 'search_knowledge', arguments: { queries: [utterance.slice(0, 300)] } }] };
}

/** Nothing was made of it: asks again in other words; a greeting or a mere yes just goes on. */
function notUnderstood(situation: Situation): Reply {
  const { utterance, book, asked, said, question } = situation;
  const beyondGreeting = utterance
    .replace(wordsPattern(book.hears.greeting), '')
    .split(/[\s,.!?]+/)
    .filter((word) => word !== '').length;
  if (hears(book, 'greeting', utterance) && beyondGreeting <= 2) return opening(situation);
  if (asked !== null && isAskedAgain(situation) && nextAttempt(asked, situation) < ASKED_AGAIN_MAX)
    return askFor(asked, situation, { before: fresh(book.again, said), attempt: nextAttempt(asked, situation) });
  if (asked !== null && !situation.leftOut.has(asked.name)) return nextStep(situation, fresh(book.again, said) ?? '');
  if (hears(book, 'yes', utterance) || hears(book, 'no', utterance) || asked !== null) return nextStep(situation);
  // A matter without a field of its own: taken as heard, on to the first question.
  if (containsOneOf(question, book.anythingElse) || said.length <= 1)
    return nextStep(situation, inTurn(book.noted, situation));
  const again = fresh(book.again, said);
  return again === null ? offerHuman(situation) : nextStep(situation, again);
}

function opening(situation: Situation): Reply {
  const { book, said, state, missing, setup } = situation;
  const nothingKnown =
    missing.length === setup.claim_fields.length && state.promised === null && !state.returning_caller;
  const help = nothingKnown ? fresh(book.howHelp, said) : null;
  return help === null ? nextStep(situation) : say(help);
}
