/** The record action: keeps what is said in the leg's room and tells where the file lies. Files are WAV, whatever format was asked for. */
import { randomUUID } from 'node:crypto';
import type { CallFlow } from './call-flow.ts';
import { FRAME_MS } from './clock.ts';
import type { ActionOf } from './ncco.ts';
import type { Spoken } from './room.ts';
import { encodeWav, isLoud, joinFrames, mix, SOUND_HZ, type Frame } from './sound.ts';
import { aborted } from './waiting.ts';

type RecordAction = ActionOf<'record'>;

const BEEP_MS = 300;

/** Resolves at once, unless the action has an end of its own to wait for. */
export async function startRecording(flow: CallFlow, action: RecordAction, signal: AbortSignal): Promise<void> {
  if (action.beepStart) await flow.leg.player.play(beep(), 1, signal);
  const ends = action.endOnSilence !== undefined || action.endOnKey !== undefined || action.timeOut !== undefined;
  const recording = record(flow, action, ends ? signal : undefined);
  if (ends) await recording;
}

async function record(flow: CallFlow, action: RecordAction, signal: AbortSignal | undefined): Promise<void> {
  const { leg, network } = flow;
  const startedAt = new Date();
  const own: (Frame | undefined)[] = [];
  const others: (Frame | undefined)[] = [];
  const over = new AbortController();
  let silentTicks = 0;
  const listen = (spoken: readonly Spoken[]): void => {
    const said = spoken.find((one) => one.leg === leg)?.frame;
    const rest = mix(spoken.filter((one) => one.leg !== leg).map((one) => one.frame));
    own.push(said);
    others.push(rest);
    silentTicks = isLoud(said) || isLoud(rest) ? 0 : silentTicks + 1;
    if (action.endOnSilence !== undefined && silentTicks * FRAME_MS >= action.endOnSilence * 1000) over.abort();
    if (action.timeOut !== undefined && own.length * FRAME_MS >= action.timeOut * 1000) over.abort();
  };
  if (action.endOnKey !== undefined) {
    leg.onDigit = (digit) => {
      if (digit === action.endOnKey) over.abort();
    };
  }
  leg.listeners.add(listen);
  await Promise.race([aborted(over.signal), leg.ended, ...(signal === undefined ? [] : [aborted(signal)])]);
  leg.listeners.delete(listen);
  const sides = [joinFrames(own), joinFrames(others)];
  const wav = encodeWav(action.split === 'conversation' ? sides : [both(sides)]);
  const id = randomUUID();
  network.keepFile(id, wav);
  const target = flow.targetOf(action);
  if (target === undefined) return;
  await network.webhooks.tell(target, {
    start_time: startedAt.toISOString(),
    recording_url: `${network.options.regionUrl}/v1/files/${id}`,
    size: wav.length,
    recording_uuid: randomUUID(),
    end_time: new Date().toISOString(),
    conversation_uuid: leg.conversationUuid,
    timestamp: new Date().toISOString(),
  });
}

function both(sides: Int16Array[]): Int16Array {
  const [a, b] = sides;
  return (a ?? new Int16Array()).map((sample, i) => Math.max(-32_768, Math.min(32_767, sample + (b?.[i] ?? 0))));
}

function beep(): Int16Array {
  return Int16Array.from({ length: (SOUND_HZ * BEEP_MS) / 1000 }, (_, i) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * 1_000 * i) / SOUND_HZ)),
  );
}
