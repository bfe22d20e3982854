/** "Call me back tomorrow at ten", "remind me on Friday": what is asked for, and when, as far as it was said. */
import { dateFrom, type SpokenDate } from '../spoken-dates.ts';
import { sameTitle } from '../../domain/due.ts';
import { filled } from '../../domain/phrases.ts';
import { localIso, type PromptReminder } from '../../domain/prompt.ts';
import { hears, wants } from './book.ts';
import { zoneSaid } from './places.ts';
import type { DoneTool, Situation } from './situation.ts';
import { nextStep, say, type Reply } from './steps.ts';
import { containsOneOf, fresh, spokenMoment, summaryOf } from './wording.ts';

export interface ReminderWish {
  asked: boolean;
  /** Arguments of the tool; null: the time is missing or past. */
  call: { title: string; description: string; due_date_time: string; owner: 'assistant' } | null;
}

/** Why they ask for it: then nothing more is asked of them now. */
const BUSY =
  /driving|busy|(?:bad|not a good|no) time|keine zeit|beschäftigt|fahre gerade|passt gerade nicht|occupée?|pas le temps|je conduis|ocupad[oa]|no tengo tiempo|conduciendo|occupat[oa]|non ho tempo|sto guidando|não tenho tempo|a conduzir|geen tijd|bezig|ik rijd|nie mam czasu|zajęt[ya]|prowadzę|meşgulüm|vaktim yok|занят|неудобно|нет времени|за рулем|за рулём|не могу говорить|незручно|зайнят|немає часу|за кермом/iu;

export const isBusy = (utterance: string): boolean => BUSY.test(utterance);

/** Where only a day was said. */
const USUAL_HOUR = 10;
const EARLIEST_HOUR = 8;

export function reminderFrom(situation: Situation): ReminderWish {
  const { utterance, book, question, state, setup } = situation;
  const remind = wants(book, 'remind', utterance);
  const answering = containsOneOf(question, book.callbackWhen);
  if (!remind && !answering && !wants(book, 'callBack', utterance)) return { asked: false, call: null };
  const nowMs = Date.parse(state.now);
  const date = dateFrom(utterance, { language: state.language, nowMs, zone: state.zone, direction: 'future' });
  if (date === null) return { asked: !answering || !hears(book, 'no', utterance), call: null };
  const due = plausible(date, situation);
  if (Date.parse(due) <= nowMs) return { asked: true, call: null };
  const who = state.claim['caller_name'] ?? state.customer_name ?? state.customer_phone ?? 'the customer';
  const known = summaryOf(situation);
  const words = `Customer said: "${utterance.slice(0, 300)}".`;
  return {
    asked: true,
    call: {
      title: `${remind ? 'Remind' : 'Call back'} ${who}`,
      description: `${words} Matter: ${known === '' ? setup.task : known}`.slice(0, 1_500),
      due_date_time: due,
      owner: 'assistant',
    },
  };
}

/** [TL15] "At three" is in the afternoon, "in the morning" not at six, and a mere day means its forenoon: nobody wants to be rung at night. "In an hour" is in an hour. */
function plausible(date: SpokenDate, { book, utterance }: Situation): string {
  if (date.fromNow) return date.iso;
  if (!date.hasTime) return withHour(date.iso, USUAL_HOUR);
  const hour = Number(date.iso.slice(11, 13));
  if (hour >= EARLIEST_HOUR || /\b[ap]\.?m\b|\d:\d\d/i.test(utterance)) return date.iso;
  if (hears(book, 'morning', utterance))
    return hour === 6 && !/\b(?:6|six)\b/i.test(utterance) ? withHour(date.iso, USUAL_HOUR - 1) : date.iso;
  return hour >= 1 && hour <= 6 ? withHour(date.iso, hour + 12) : date.iso;
}

function withHour(iso: string, hour: number): string {
  return `${iso.slice(0, 11)}${String(hour).padStart(2, '0')}${iso.slice(13)}`;
}

/** [CB12] */
export const zoneIsMissing = ({ call, result }: DoneTool): boolean =>
  call.name === 'create_or_update_reminder' && result.isError && /time zone is not known/.test(result.content);

/** [CB12] They were asked where they are: what they wished for before is noted with the zone of that place. */
export function located(situation: Situation): Reply | null {
  const { utterance, book, question, exchanges, state, said } = situation;
  const wish = exchanges.at(-1);
  if (!containsOneOf(question, book.whichCity) || wish === undefined) return null;
  const nowMs = Date.parse(state.now);
  const zone = zoneSaid(utterance, { language: state.language, nowMs });
  if (zone === null) {
    const again = hears(book, 'no', utterance) ? null : fresh(book.whichCity, said);
    return again === null ? nextStep(situation, book.failed) : say(again);
  }
  const there = { ...state, zone, now: localIso(nowMs, zone) };
  const { call } = reminderFrom({ ...situation, utterance: wish.customer, question: wish.bot, state: there });
  return call === null
    ? null
    : { text: '', calls: [{ name: 'create_or_update_reminder', arguments: { ...call, zone } }] };
}

/** [CB26] "You need not call me back": taken back, or asked which. */
export function cancelled(situation: Situation): Reply | null {
  const { utterance, book, question, tools, state } = situation;
  if (!tools.has('cancel_reminder')) return null;
  const [beforeWhich = ''] = book.cancelWhich.split('{which}');
  const answering = question.includes(beforeWhich) && !hears(book, 'no', utterance);
  if (!answering && !hears(book, 'cancelCall', utterance)) return null;
  const open = state.reminders.filter(({ owner }) => owner !== 'human');
  if (open.length === 0) return nextStep(situation, book.nothingPromised);
  const meant = among(open, situation);
  const [only] = meant;
  if (only !== undefined && meant.length === 1)
    return { text: '', calls: [{ name: 'cancel_reminder', arguments: { title: only.title } }] };
  const which = open.map((each) => spokenMoment(each.due_date_time, situation)).join('; ');
  return answering ? null : say(filled(book.cancelWhich, { which }));
}

/** By its title, or by the day and the hour that were said. */
function among(open: readonly PromptReminder[], { utterance, state }: Situation): PromptReminder[] {
  if (open.length === 1) return [...open];
  const titled = open.filter(({ title }) => utterance.toLowerCase().includes(title.trim().toLowerCase()));
  if (titled.length > 0) return titled.filter(({ title }) => sameTitle(title, titled[0]?.title ?? ''));
  const nowMs = Date.parse(state.now);
  const date = dateFrom(utterance, { language: state.language, nowMs, zone: state.zone, direction: 'future' });
  if (date === null) return [...open];
  const length = date.hasTime ? 'yyyy-mm-ddThh:mm'.length : 'yyyy-mm-dd'.length;
  return open.filter(({ due_date_time }) => due_date_time.slice(0, length) === date.iso.slice(0, length));
}
