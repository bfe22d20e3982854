/** A talk of some turns under one set of circumstances, and what it was like for the caller. */
import { readingOf } from '../../../domain/reading.ts';
import { pauseFor } from '../../../domain/endpointing.ts';
import { defaultFlags } from '../../../domain/flags.ts';
import { INTERJECTIONS } from '../words.ts';
import type { Phrase } from './choices.ts';
import { Talk, type Said, type TalkSettings } from './talk.ts';
import type { VendorDelays } from './vendors.ts';

export interface TrialFigures {
  voiceToVoiceMs: number[];
  /** Beyond what the vendors' delays and the pause that ends such a turn allow. */
  overMs: number[];
  bargeInStopMs: number[];
  /** Silences of the bot for a listener's sound. */
  mhmPauseMs: number[];
  /** Silences of the bot in mid-reply while nobody spoke. */
  gapMs: number[];
  unanswered: string[];
  cutIns: string[];
  /** Said and not committed, or otherwise. */
  misheard: string[];
  /** Turns committed while nobody had said a word. */
  outOfNothing: string[];
  modelAsked: number;
  turns: number;
}

export interface TrialWish extends TalkSettings {
  phrases: readonly Phrase[];
  turns: number;
  interruptions: number;
}

const PAUSE_MS = 800;
const ANSWERED_WITHIN_MS = 9_000;
/** A frame each for the phone, the detector's window and the beat. */
const FRAMES_MS = 60;

export async function trial(wish: TrialWish): Promise<TrialFigures> {
  const talk = await Talk.begin(wish);
  const figures: TrialFigures = {
    ...{ voiceToVoiceMs: [], overMs: [], bargeInStopMs: [], mhmPauseMs: [], gapMs: [] },
    ...{ unanswered: [], cutIns: [], misheard: [], outOfNothing: [], modelAsked: 0, turns: 0 },
  };
  for (let turn = 0; turn < wish.turns; turn += 1)
    await talkTurn(talk, wish.phrases[turn % wish.phrases.length] ?? [], { figures, delays: wish.delays });
  talk.longReplies = true;
  for (let turn = 0; turn < wish.interruptions; turn += 1) await interruption(talk, turn, figures);
  figures.modelAsked = talk.model.asked;
  figures.turns = talk.leg.link.turns.length;
  await talk.end();
  return figures;
}

interface Noting {
  figures: TrialFigures;
  delays: VendorDelays;
}

async function talkTurn(talk: Talk, phrase: Phrase, { figures, delays }: Noting): Promise<void> {
  const turnsBefore = talk.leg.link.turns.length;
  const quietFromMs = talk.nowMs;
  await talk.waitUntil(() => talk.silentMs() >= PAUSE_MS, ANSWERED_WITHIN_MS * 2);
  noteGaps(talk, { fromMs: quietFromMs, untilMs: talk.nowMs }, figures);
  if (talk.leg.link.turns.length > turnsBefore) figures.outOfNothing.push(committedSince(talk, turnsBefore));
  const before = talk.leg.link.turns.length;
  const asked = '';
  const said = await talk.says(phrase);
  await talk.waitUntil(() => talk.firstSoundAfter(said.lastLoudMs) !== null, ANSWERED_WITHIN_MS);
  for (let atMs = said.firstLoudMs; atMs <= said.lastLoudMs; atMs += 20)
    if (talk.soundsAt(atMs)) {
      figures.cutIns.push(`${said.text} (after ${String(atMs - said.firstLoudMs)} ms)`);
      break;
    }
  const answerMs = talk.firstSoundAfter(said.lastLoudMs);
  if (answerMs === null) figures.unanswered.push(said.text);
  else {
    figures.voiceToVoiceMs.push(answerMs - said.lastLoudMs);
    figures.overMs.push(answerMs - said.lastLoudMs - allowedMs(said, asked, delays));
  }
  const committed = committedSince(talk, before);
  if (bare(committed) !== bare(said.text)) figures.misheard.push(`${said.text} → ${committed}`);
}

async function interruption(talk: Talk, turn: number, figures: TrialFigures): Promise<void> {
  if (talk.silentMs() > 0) {
    const said = await talk.says(['Can you tell me how long that usually takes?']);
    await talk.waitUntil(() => talk.firstSoundAfter(said.lastLoudMs) !== null, ANSWERED_WITHIN_MS);
  }
  const beganMs = talk.nowMs;
  await talk.wait(1_200 + ((turn * 370) % 900));
  noteGaps(talk, { fromMs: beganMs, untilMs: talk.nowMs }, figures);
  if (talk.silentMs() > 100) return;
  const before = talk.leg.link.turns.length;
  const said = await talk.says([INTERJECTIONS[turn % INTERJECTIONS.length] ?? '']);
  let lastMs = said.firstLoudMs;
  for (let atMs = said.firstLoudMs; atMs <= said.lastLoudMs; atMs += 20) if (talk.soundsAt(atMs)) lastMs = atMs;
  figures.bargeInStopMs.push(lastMs - said.firstLoudMs);
  await talk.waitUntil(() => talk.firstSoundAfter(said.lastLoudMs) !== null, ANSWERED_WITHIN_MS);
  const committed = committedSince(talk, before);
  if (bare(committed) !== bare(said.text)) figures.misheard.push(`! ${said.text} → ${committed}`);
}

const committedSince = (talk: Talk, before: number): string =>
  talk.leg.link.turns
    .slice(before)
    .map(({ utterance }) => utterance)
    .join(' ');

/** The end of the turn, or the words known and a reply to them: whichever is later. */
function allowedMs({ text }: Said, asked: string, delays: VendorDelays): number {
  const flags = defaultFlags();
  const reading = readingOf({ text, asked, language: 'en-US' });
  const endMs = pauseFor(reading, {
    finishedPauseMs: flags.vad_cutoff_timeout_ms,
    ceilingMs: flags.vad_silence_timeout_ms,
  });
  const { interimEveryMs, settledAfterMs, finalAfterQuietMs, finalDelayMs, interimLagMs } = delays;
  const interims = interimEveryMs > 0;
  const knownMs = Math.min(
    interims && settledAfterMs !== null ? settledAfterMs + interimLagMs : Infinity,
    finalAfterQuietMs + finalDelayMs,
    endMs + finalDelayMs,
  );
  const replyMs = delays.firstTokenMs + 7 * delays.perWordMs + delays.stallMs + delays.firstSoundMs;
  return Math.max(endMs, knownMs + replyMs) + FRAMES_MS;
}

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .trim();

/** Nobody has spoken in between. */
function noteGaps(talk: Talk, { fromMs, untilMs }: { fromMs: number; untilMs: number }, figures: TrialFigures): void {
  let silentSinceMs: number | null = null;
  for (let atMs = fromMs; atMs <= untilMs; atMs += 20)
    if (!talk.soundsAt(atMs)) silentSinceMs ??= atMs;
    else {
      if (silentSinceMs !== null && silentSinceMs > fromMs && atMs - silentSinceMs > 40)
        figures.gapMs.push(atMs - silentSinceMs);
      silentSinceMs = null;
    }
}
