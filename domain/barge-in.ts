/** The customer makes a sound while the bot speaks: does the bot fall silent, and what then? */
import { isBackchannel } from './backchannels.ts';

export { isBackchannel };

export interface Interjection {
  /** Words so far; empty while the recogniser is silent or sends no interims. */
  text: string;
  /** Sound that counted as speech, pauses left out. */
  voicedMs: number;
  language: string;
  /** The recogniser has sent interims in this call: then sound without words is no speech to it either. */
  wordsExpected: boolean;
}

export interface BargeInRules {
  /** `vad_cutoff_timeout_ms`: speech of this length, with words, interrupts. */
  minSpeechMs: number;
}

/** The bot has fallen silent for it and nothing is decided. */
export interface Pause extends Interjection {
  sinceMs: number;
  /** Since the customer's last sound. */
  quietMs: number;
  /** Since the words last changed. */
  wordsStoodMs: number;
  /** What the bot had still to say when it fell silent. */
  botLeftMs: number;
}

export type Verdict = 'wait' | 'turn' | 'backchannel' | 'noise';

/** Speech of this length without a word yet: longer than a cough (300-500 ms), and a recogniser that sends no interims must not make the bot deaf. */
const WORDLESS_SPEECH_MS = 800;
/** A keystroke or a knock is shorter; three windows of the voice detector. */
const VOICE_MS = 90;
/** The same for who has just made the bot stop for nothing, twice: longer than "mhm" (200-350 ms), so that the bot does not stammer. */
const VOICE_AGAIN_MS = 400;
const PAUSES_FOR_NOTHING = 2;
/** After so many only words stop it. */
const MOST_PAUSES_FOR_NOTHING = 4;
/** Longer than the stop consonants within a word and than the breath in "ok, but": who is silent that long after "mhm" listens on. */
const LISTENS_ON_MS = 200;
/** Recognisers revise every 100-200 ms while they still doubt. */
const WORDS_SETTLED_MS = 100;
/** An interim comes 100-300 ms after its word. */
const NO_WORD_CAME_MS = 350;
/** A recogniser without interims is asked for its final at the end of the turn, and gives it within half a second as a rule. */
const NO_FINAL_CAME_MS = 800;
/** The bot waits no longer than this for the word of a sound that goes on: it is a television, a street. */
const MOST_PAUSED_MS = 1_500;
/** "Yes" into the bot's last words answers them; earlier it only says that one listens. */
const ANSWERING_TAIL_MS = 1_000;
/** Sound shorter than this without a word was a cough, a click, a door. */
const NOISE_MIN_VOICED_MS = 400;

/** Sound in which there is speech. */
export interface Voice {
  /** By the voice detector, which knows a voice 30-100 ms after it began: late where it begins with "s" or "w". */
  speechMs: number;
  /** Without a silent moment until now. */
  loudMs: number;
}

/** [BI20, BI25] `pausedForNothing`: in the last seconds. */
export function pausesFor({ speechMs, loudMs }: Voice, pausedForNothing: number): boolean {
  if (pausedForNothing >= MOST_PAUSES_FOR_NOTHING) return false;
  if (pausedForNothing >= PAUSES_FOR_NOTHING) return speechMs >= VOICE_AGAIN_MS;
  return Math.max(speechMs, loudMs) >= VOICE_MS;
}

/** [BI1-BI4] */
export function interrupts(interjection: Interjection, rules: BargeInRules): boolean {
  if (interjection.text.trim() === '')
    return !interjection.wordsExpected && interjection.voicedMs >= Math.max(WORDLESS_SPEECH_MS, rules.minSpeechMs);
  if (isBackchannel(interjection.text, interjection.language)) return false;
  return interjection.voicedMs >= rules.minSpeechMs;
}

/** [BI21-BI24] */
export function judge(pause: Pause, rules: BargeInRules): Verdict {
  if (interrupts(pause, rules)) return 'turn';
  if (pause.text.trim() === '') return judgeWordless(pause);
  // Words of their own, and too short yet: the end of the turn takes them.
  if (!isBackchannel(pause.text, pause.language) || pause.botLeftMs <= ANSWERING_TAIL_MS) return 'wait';
  const settled = pause.quietMs >= LISTENS_ON_MS && pause.wordsStoodMs >= WORDS_SETTLED_MS;
  return settled || pause.sinceMs >= MOST_PAUSED_MS ? 'backchannel' : 'wait';
}

function judgeWordless(pause: Pause): Verdict {
  if (!pause.wordsExpected) return pause.quietMs >= NO_FINAL_CAME_MS ? 'noise' : 'wait';
  return pause.quietMs >= NO_WORD_CAME_MS || pause.sinceMs >= MOST_PAUSED_MS ? 'noise' : 'wait';
}

/** [BI11, BI13, EP13] What was said is over: a turn, or a cough and an "mhm" into the bot's words or thoughts? */
export function isTurn(
  said: Pick<Interjection, 'text' | 'voicedMs' | 'language'>,
  bot: { leftMs: number; thinking: boolean; stopped: boolean },
): boolean {
  if (bot.stopped) return said.text !== '' || said.voicedMs >= NOISE_MIN_VOICED_MS;
  const botHasFloor = bot.leftMs > ANSWERING_TAIL_MS || bot.thinking;
  if (said.text === '') return !botHasFloor && said.voicedMs >= NOISE_MIN_VOICED_MS;
  return !(botHasFloor && isBackchannel(said.text, said.language));
}
