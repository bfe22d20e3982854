/** The input action: keys and words of one leg, until there is enough of either. */
import { SpeechTracker } from '../voice/fingerprint.ts';
import type { CallFlow } from './call-flow.ts';
import { FRAME_MS } from './clock.ts';
import type { ActionOf, Ncco } from './ncco.ts';
import type { Spoken } from './room.ts';
import { isLoud, silentFrame } from './sound.ts';
import { aborted } from './waiting.ts';

type InputAction = ActionOf<'input'>;

interface Taken {
  dtmf?: { digits: string; timed_out: boolean };
  speech?: { timeout_reason: string; results: { text: string; confidence: string }[] };
}

export async function takeInput(flow: CallFlow, action: InputAction, signal: AbortSignal): Promise<Ncco | undefined> {
  // Asynchronous input goes key by key to the URL that PUT …/input/dtmf names; the list goes on at once.
  if (action.mode === 'asynchronous') return undefined;
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  const taken = await Promise.race([
    ...(action.type.includes('dtmf') ? [keys(flow, action, either)] : []),
    ...(action.type.includes('speech') ? [words(flow, action, either)] : []),
  ]);
  done.abort();
  flow.leg.player.stop();
  if (signal.aborted) return undefined;
  const target = flow.targetOf(action);
  if (target === undefined) return undefined;
  const { about, uuid, conversationUuid } = flow.leg;
  const event = {
    dtmf: taken.dtmf ?? { digits: '', timed_out: true },
    speech: taken.speech ?? { results: [] },
    from: about.from,
    to: about.to,
    uuid,
    conversation_uuid: conversationUuid,
    timestamp: new Date().toISOString(),
  };
  return flow.nccoIn(await flow.network.webhooks.tell(target, event));
}

async function keys(flow: CallFlow, action: InputAction, signal: AbortSignal): Promise<Taken> {
  const { timeOut, maxDigits, submitOnHash } = action.dtmf;
  let digits = '';
  const whole = Promise.withResolvers<boolean>();
  let timer = setTimeout(() => {
    whole.resolve(true);
  }, timeOut * 1000);
  flow.leg.onDigit = (digit) => {
    flow.leg.player.stop();
    if (submitOnHash && digit === '#') {
      whole.resolve(false);
      return;
    }
    digits += digit;
    if (digits.length >= maxDigits) whole.resolve(false);
    clearTimeout(timer);
    timer = setTimeout(() => {
      whole.resolve(true);
    }, timeOut * 1000);
  };
  const timedOut = await Promise.race([whole.promise, aborted(signal).then(() => true)]);
  clearTimeout(timer);
  flow.leg.onDigit = undefined;
  return { dtmf: { digits, timed_out: timedOut } };
}

async function words(flow: CallFlow, action: InputAction, signal: AbortSignal): Promise<Taken> {
  const { endOnSilence, startTimeout, maxDuration } = action.speech;
  const ears = new SpeechTracker(flow.network.options.spoken);
  const over = Promise.withResolvers<string>();
  let tick = 0;
  let firstLoud: number | undefined;
  let lastLoud = 0;
  const listen = (spoken: readonly Spoken[]): void => {
    tick += 1;
    const frame = spoken.find(({ leg }) => leg === flow.leg)?.frame;
    ears.hear(frame ?? silentFrame);
    if (isLoud(frame)) {
      firstLoud ??= tick;
      lastLoud = tick;
      flow.leg.player.stop();
    }
    const seconds = (ticks: number): number => (ticks * FRAME_MS) / 1000;
    if (firstLoud === undefined && seconds(tick) >= startTimeout) over.resolve('start_timeout');
    if (firstLoud !== undefined && seconds(tick - lastLoud) >= endOnSilence) over.resolve('end_on_silence_timeout');
    if (seconds(tick) >= maxDuration) over.resolve('max_duration');
  };
  flow.leg.listeners.add(listen);
  const reason = await Promise.race([over.promise, aborted(signal).then(() => 'max_duration')]);
  flow.leg.listeners.delete(listen);
  const heard = ears.finish().flatMap((part) => (part.kind === 'words' ? [part] : []));
  const text = heard.map((part) => part.text).join(' ');
  const score = Math.min(1, ...heard.map((part) => part.score));
  return { speech: { timeout_reason: reason, results: text === '' ? [] : [{ text, confidence: score.toFixed(2) }] } };
}
