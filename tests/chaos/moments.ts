/** The moments of a turn at which something may die, each brought about from outside, by the phone's own ears. */
import { post } from '../kit/customers.ts';
import { AT_THE_MOMENT_MS, onTheLine, placeCall, talkingCall, untilTheBotSpeaks } from '../kit/live-call.ts';
import { until, type System } from '../kit/system.ts';

export const MOMENTS = ['greeting', 'listening', 'thinking', 'speaking', 'tool'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface AtMoment {
  callId: string;
  /** Committed before the moment: must stand afterwards. */
  claim: Record<string, string>;
}

/** Slow enough to hit, short of any of our own time limits. */
const SLOW_MODEL_MS = 1_500;
const SLOW_MESSAGE_MS = 2_500;
/** Into an utterance of two seconds. */
const MID_SENTENCE_MS = 700;

/** Returns in the very moment. */
export async function bringAbout(system: System, moment: Moment, number: string): Promise<AtMoment> {
  if (moment === 'greeting') {
    const callId = await placeCall(system, number);
    await until('the greeting', () => onTheLine(system, number), {
      ready: (call) => call.heard.firstLoudMs !== null,
      everyMs: AT_THE_MOMENT_MS,
    });
    return { callId, claim: {} };
  }
  const call = await talkingCall(system, number);
  const at = { callId: call.call_id, claim: call.claim };
  switch (moment) {
    case 'speaking':
      await untilTheBotSpeaks(system, number);
      return at;
    case 'listening':
      await untilSaid(system, { number, text: 'My name is Anna Petrova', breakOffAfterMs: MID_SENTENCE_MS });
      return at;
    case 'thinking':
      await faults(system, { model: { firstTokenDelayMs: SLOW_MODEL_MS } });
      await untilSaid(system, { number, text: 'My name is Anna Petrova' });
      return at;
    case 'tool':
      await faults(system, { delayMessagesMs: SLOW_MESSAGE_MS });
      await untilSaid(system, { number, text: 'Please send me a text message' });
      await new Promise((resolve) => setTimeout(resolve, MID_SENTENCE_MS));
      return at;
  }
}

export async function allWellAgain(system: System): Promise<void> {
  await faults(system, { delayMessagesMs: 0, model: { firstTokenDelayMs: 0 } });
}

async function faults(system: System, wish: object): Promise<void> {
  await post((path, init) => system.sandbox(path, init), '/control/faults', wish);
}

/** The person behind the phone takes over from the script: waits for the bot's question to end, then speaks. */
async function untilSaid(
  system: System,
  say: { number: string; text: string; breakOffAfterMs?: number },
): Promise<void> {
  const call = await until('a pause of the bot', () => onTheLine(system, say.number), {
    ready: ({ transcript }) => transcript.at(-1)?.who === 'bot',
    everyMs: AT_THE_MOMENT_MS,
  });
  const spoken = post((path, init) => system.sandbox(path, init), `/control/calls/${call.id}/say`, { text: say.text });
  if (say.breakOffAfterMs === undefined) await spoken;
  else await new Promise((resolve) => setTimeout(resolve, say.breakOffAfterMs));
  void spoken.catch(() => undefined);
}
