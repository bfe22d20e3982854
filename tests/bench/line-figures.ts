/** From what was on a phone's line to the figures: answers, interruptions, gaps. Pure; all moments by one clock, in milliseconds. */

export type Span = [fromMs: number, untilMs: number];

export interface SpokenPhrase {
  text: string;
  fromMs: number;
  untilMs: number;
  /** False: cut off by the end of the call. */
  whole: boolean;
}

export interface LineTimeline {
  /** Loud frames as sent. */
  customer: Span[];
  /** Loud frames as played. */
  bot: Span[];
  /** Nothing to play. */
  dry: Span[];
  spoken: SpokenPhrase[];
}

export interface Window {
  fromMs: number;
  untilMs: number;
}

export interface LineFigures {
  /** The customer's last loud frame as sent → the bot's first loud frame as played. */
  voiceToVoiceMs: number[];
  /** The same after words that the customer broke off themselves: a pause in which to go on is meant to be given. */
  brokenOffMs: number[];
  /** All of both, with the words. */
  answers: { text: string; ms: number }[];
  /** The customer's first loud frame, spoken into the bot's words → the last loud frame that the phone played. */
  bargeInStopMs: number[];
  /** Silence of the bot around a listener's sound; the bot went on by itself. */
  backchannelPauseMs: number[];
  /** The play-out buffer ran dry while the bot was speaking. */
  gapMs: number[];
  /** No answer before the customer spoke again. */
  unanswered: number;
  /** The bot began to speak while the customer was speaking. */
  cutIns: number;
}

export interface Kinds {
  interjections: readonly string[];
  /** Sentences that are not whole. */
  brokenOff: readonly string[];
  backchannels: readonly string[];
}

const FRAME_MS = 20;
const SHORTEST_GAP_MS = 40;
/** An interruption may take so long to silence the bot; what falls dry then is no gap. */
const AFTER_SPEECH_MS = 700;
/** Above this the bot speaks anew (it asks whether anybody is there). */
const LONGEST_GAP_MS = 8_000;
/** Who speaks into the bot's words: it was loud so shortly before. */
const JUST_LOUD_MS = 120;

export function lineFigures(line: LineTimeline, window: Window, kinds: Kinds): LineFigures {
  const figures: LineFigures = {
    voiceToVoiceMs: [],
    brokenOffMs: [],
    answers: [],
    bargeInStopMs: [],
    backchannelPauseMs: [],
    gapMs: gapsOf(line, window),
    unanswered: 0,
    cutIns: 0,
  };
  for (const [index, phrase] of line.spoken.entries()) {
    const heard = loudPartOf(phrase, line.customer);
    if (heard === undefined || !phrase.whole || !within(heard[1], window)) continue;
    const nextMs = line.spoken[index + 1]?.fromMs ?? Infinity;
    if (kinds.backchannels.includes(phrase.text)) noteBackchannel(line, heard, figures);
    else noteTurn(line, { text: phrase.text, heard, nextMs }, { window, kinds, figures });
  }
  return figures;
}

interface Turn {
  text: string;
  heard: Span;
  nextMs: number;
}

function noteTurn(
  line: LineTimeline,
  turn: Turn,
  { window, kinds, figures }: { window: Window; kinds: Kinds; figures: LineFigures },
): void {
  const [firstMs, lastMs] = turn.heard;
  if (kinds.interjections.includes(turn.text)) {
    const stopMs = stopAfter(line.bot, turn.heard);
    if (stopMs !== null) figures.bargeInStopMs.push(stopMs);
  } else if (line.bot.some(([from]) => from > firstMs && from <= lastMs)) figures.cutIns += 1;
  // [QT10] Sound that was on its way when the customer ended is no answer to them.
  const answerMs = line.bot.find(([from]) => from > lastMs)?.[0] ?? Infinity;
  if (answerMs < turn.nextMs) {
    const ms = answerMs - lastMs;
    // [QT15]
    (kinds.brokenOff.includes(turn.text) ? figures.brokenOffMs : figures.voiceToVoiceMs).push(ms);
    figures.answers.push({ text: turn.text, ms: Math.round(ms) });
  } else if (Math.min(turn.nextMs, window.untilMs) - lastMs > LONGEST_GAP_MS || turn.nextMs < window.untilMs)
    figures.unanswered += 1;
}

/** [QT11] Resumed and stopped again counts until the last; silent before the customer spoke is no interruption. */
function stopAfter(bot: readonly Span[], [firstMs, lastMs]: Span): number | null {
  const wasLoud = bot.some(([from, until]) => from < firstMs && until > firstMs - JUST_LOUD_MS);
  if (!wasLoud) return null;
  const during = bot.filter(([from, until]) => from <= lastMs && until > firstMs);
  return Math.max(0, ...during.map(([, until]) => Math.min(until, lastMs) - firstMs));
}

function noteBackchannel(line: LineTimeline, [firstMs]: Span, figures: LineFigures): void {
  const before = line.bot.findLast(([from]) => from <= firstMs + AFTER_SPEECH_MS / 2);
  const after = line.bot.find(([from]) => from > (before?.[1] ?? firstMs));
  if (before !== undefined && after !== undefined) figures.backchannelPauseMs.push(after[0] - before[1] - FRAME_MS);
}

/** [QT12] Dry for more than 40 ms between two sounds of the bot, when the customer had said nothing that would silence it. */
function gapsOf(line: LineTimeline, window: Window): number[] {
  return line.dry
    .filter(([from, until]) => within(from, window) && line.bot.some(([, loudUntil]) => loudUntil > until))
    .filter(
      ([from, until]) => !line.customer.some(([said, end]) => said < until + FRAME_MS && end > from - AFTER_SPEECH_MS),
    )
    .map(([from, until]) => until - from + FRAME_MS)
    .filter((ms) => ms > SHORTEST_GAP_MS && ms < LONGEST_GAP_MS);
}

/** First and last loud frame of a phrase. */
function loudPartOf({ fromMs, untilMs }: SpokenPhrase, customer: readonly Span[]): Span | undefined {
  const parts = customer.filter(([from, until]) => from >= fromMs - 1 && until <= untilMs + 1);
  const [first, last] = [parts[0], parts.at(-1)];
  return first === undefined || last === undefined ? undefined : [first[0], last[1]];
}

const within = (atMs: number, { fromMs, untilMs }: Window): boolean => atMs >= fromMs && atMs < untilMs;

export function together(all: readonly LineFigures[]): LineFigures {
  return {
    voiceToVoiceMs: all.flatMap((one) => one.voiceToVoiceMs),
    brokenOffMs: all.flatMap((one) => one.brokenOffMs),
    answers: all.flatMap((one) => one.answers),
    bargeInStopMs: all.flatMap((one) => one.bargeInStopMs),
    backchannelPauseMs: all.flatMap((one) => one.backchannelPauseMs),
    gapMs: all.flatMap((one) => one.gapMs),
    unanswered: all.reduce((sum, one) => sum + one.unanswered, 0),
    cutIns: all.reduce((sum, one) => sum + one.cutIns, 0),
  };
}
