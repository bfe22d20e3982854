/** What each NCCO action does. An answer is a list that replaces what is left. */
import { synthesizeWithWords } from '../voice/espeak.ts';
import { resample } from '../voice/resample.ts';
import type { CallFlow } from './call-flow.ts';
import { connect } from './connect.ts';
import { takeInput } from './input.ts';
import type { ActionOf, Action, Ncco } from './ncco.ts';
import type { PhoneNetwork } from './network.ts';
import { startRecording } from './recording.ts';
import { atLevel, decodeWav, SOUND_HZ } from './sound.ts';
import { aborted, resting } from './waiting.ts';

const STREAM_DEADLINE_MS = 10_000;

export async function perform(flow: CallFlow, action: Action, signal: AbortSignal): Promise<Ncco | undefined> {
  switch (action.action) {
    case 'talk':
      await talk(flow, action, signal);
      return;
    case 'stream':
      await stream(flow, action, signal);
      return;
    case 'input':
      return await takeInput(flow, action, signal);
    case 'connect':
      return await connect(flow, action, signal);
    case 'record':
      await startRecording(flow, action, signal);
      return undefined;
    case 'conversation':
      await joinConversation(flow, action, signal);
      return;
    case 'notify':
      return await notify(flow, action);
    case 'wait':
      await resting(action.timeout * 1000, signal);
      return undefined;
    case 'transfer':
      await joinExisting(flow, action, signal);
      return;
  }
}

/** SSML's tags are for a richer voice than ours. */
export async function speechFor(network: PhoneNetwork, text: string, language: string): Promise<Int16Array> {
  const plain = text.replace(/<[^>]+>/gu, ' ').trim();
  const speech = await synthesizeWithWords(plain, { language });
  network.options.bot.register({ text: plain, language, ...speech, saidAtMs: Date.now() });
  return speech.pcm;
}

export async function soundAt(url: string): Promise<Int16Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(STREAM_DEADLINE_MS) });
  if (!response.ok) throw new Error(`stream: HTTP ${response.status}`);
  const { pcm, hz } = decodeWav(Buffer.from(await response.arrayBuffer()));
  return resample(pcm, hz, SOUND_HZ);
}

async function talk(flow: CallFlow, action: ActionOf<'talk'>, signal: AbortSignal): Promise<undefined> {
  const pcm = atLevel(await speechFor(flow.network, action.text, action.language), action.level);
  const played = flow.leg.player.play(pcm, action.loop, signal);
  if (!action.bargeIn) await played;
}

async function stream(flow: CallFlow, action: ActionOf<'stream'>, signal: AbortSignal): Promise<undefined> {
  const pcm = atLevel(await soundAt(action.streamUrl[0]), action.level);
  const played = flow.leg.player.play(pcm, action.loop, signal);
  if (!action.bargeIn) await played;
}

async function notify(flow: CallFlow, action: ActionOf<'notify'>): Promise<Ncco | undefined> {
  const event = {
    payload: action.payload,
    conversation_uuid: flow.leg.conversationUuid,
    timestamp: new Date().toISOString(),
  };
  return flow.nccoIn(await flow.network.webhooks.tell({ url: action.eventUrl[0], method: action.eventMethod }, event));
}

async function joinConversation(
  flow: CallFlow,
  action: ActionOf<'conversation'>,
  signal: AbortSignal,
): Promise<undefined> {
  const { network, leg } = flow;
  const room = network.conversations.get(action.name) ?? network.newRoom();
  network.conversations.set(action.name, room);
  const moderatorIsIn = action.startOnEnter || [...room.legs].some((other) => other !== leg);
  leg.muted = action.mute === true || action.canSpeak?.length === 0;
  leg.canHear = action.canHear === undefined ? undefined : new Set(action.canHear);
  room.enter(leg);
  const music =
    moderatorIsIn || action.musicOnHoldUrl === undefined ? undefined : await soundAt(action.musicOnHoldUrl[0]);
  if (music !== undefined) void leg.player.play(music, 0, signal);
  if (action.startOnEnter) for (const other of room.legs) other.player.stop();
  const recording = action.record
    ? startRecording(flow, { ...action, action: 'record', channels: 1, beepStart: false }, signal)
    : undefined;
  await aborted(signal);
  await recording;
  room.leave(leg);
  if (action.endOnExit) await Promise.all([...room.legs].map((other) => other.end({ by: 'platform', sipCode: '200' })));
  if (room.legs.size === 0) network.conversations.delete(action.name);
  if (!leg.over) network.newRoom().enter(leg);
}

async function joinExisting(flow: CallFlow, action: ActionOf<'transfer'>, signal: AbortSignal): Promise<undefined> {
  const { network, leg } = flow;
  const there = [...network.legs.values()].find(
    (other) => !other.over && other !== leg && other.conversationUuid === action.conversationId,
  );
  if (there?.room === undefined) throw new Error(`transfer: no conversation ${action.conversationId}`);
  const from = leg.conversationUuid;
  leg.conversationUuid = action.conversationId;
  leg.muted = action.mute === true || action.canSpeak?.length === 0;
  leg.canHear = action.canHear === undefined ? undefined : new Set(action.canHear);
  there.room.enter(leg);
  void leg.tell({
    conversation_uuid_from: from,
    conversation_uuid_to: action.conversationId,
    uuid: leg.uuid,
    timestamp: new Date().toISOString(),
  });
  await aborted(signal);
}
