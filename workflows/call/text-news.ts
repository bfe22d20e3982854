/** Texts of ours that did not arrive: the bot says so, or a colleague sees to it. */
import { isoTime } from '../../domain/document.ts';
import { AFTER_FAILED_TRANSFER_MS } from '../../domain/due.ts';
import { asCallbackId, callbackWorkflowId } from '../../domain/ids.ts';
import {
  inTask,
  leftOver,
  TEXT_FAILED_TASK,
  textReported,
  untold,
  withReport,
  type TextNews,
  type TextReport,
} from '../../domain/text-news.ts';
import { withdrawn } from '../callback/messages.ts';
import { tell } from '../telling.ts';
import { remind } from './reminders.ts';
import { save } from './saving.ts';
import type { CallRun } from './state.ts';

const REPORTS_KEPT = 20;

export async function noteReport(run: CallRun, report: TextReport): Promise<void> {
  const { state } = run;
  state.textReports = [...(state.textReports ?? []), report].slice(-REPORTS_KEPT);
  await matchReports(run);
}

export const reportsWait = ({ state }: CallRun): boolean => (state.textReports ?? []).length > 0;
export const newsAreLeft = ({ state }: CallRun): boolean => leftOver(state.textNews ?? []).length > 0;

/** A report may come before the note of its text. */
export async function matchReports(run: CallRun): Promise<void> {
  const { state } = run;
  const { transcript, phase } = state.record;
  const reports = state.textReports ?? [];
  const found = reports.flatMap((report) => {
    const text = textReported(transcript, report);
    return text === undefined ? [] : [{ report, text }];
  });
  if (found.length === 0) return;
  state.textReports = reports.filter((report) => found.every((each) => each.report !== report));
  for (const { report, text } of found) state.textNews = withReport(state.textNews ?? [], report, text);
  show(run);
  save(run);
  if (found.some(({ report }) => report.became === 'arrived')) await takeBackTask(run);
  if (phase === 'resumable' || phase === 'closed') await handOverNews(run);
}

/** What the model is to say. */
function show({ state }: CallRun): void {
  const { textNews: _before, ...facts } = state.record.facts;
  const news = untold(state.textNews ?? []);
  state.record.facts = news.length === 0 ? facts : { ...facts, textNews: news };
}

/** [SM8] A model that was shown them has answered, and was heard. */
export function newsTold(run: CallRun, shown: readonly TextNews[]): void {
  const { state } = run;
  if (shown.length === 0) return;
  const wasShown = ({ text, arrived }: TextNews): boolean =>
    shown.some((each) => each.text === text && each.arrived === arrived);
  state.textNews = (state.textNews ?? []).map((news) => (wasShown(news) ? { ...news, told: true } : news));
  show(run);
}

/** [SM9] The customer has gone without hearing of it. */
export async function handOverNews(run: CallRun): Promise<void> {
  const { state } = run;
  const left = leftOver(state.textNews ?? []);
  if (left.length === 0) return;
  state.textNews = state.textNews?.map((news) => (left.includes(news) ? { ...news, handedOver: true } : news)) ?? [];
  await remind(run, {
    title: TEXT_FAILED_TASK,
    description: inTask(state.textNews.filter(({ handedOver, arrived }) => handedOver && !arrived)),
    dueDateTime: isoTime(Date.now() + AFTER_FAILED_TRANSFER_MS),
    owner: 'human',
  });
  save(run);
}

/** [SM9] It has arrived after all: nothing is left to do where no other has failed. */
async function takeBackTask(run: CallRun): Promise<void> {
  const { state } = run;
  const { record } = state;
  if ((state.textNews ?? []).some(({ handedOver, arrived }) => handedOver && !arrived)) return;
  const task = record.facts.reminders.find(({ title }) => title === TEXT_FAILED_TASK);
  if (task?.callbackId == null) return;
  record.facts = { ...record.facts, reminders: record.facts.reminders.filter((each) => each !== task) };
  save(run);
  await tell(callbackWorkflowId(asCallbackId(task.callbackId)), (promise) =>
    promise.signal(withdrawn, { reason: 'it has arrived after all' }),
  );
}
