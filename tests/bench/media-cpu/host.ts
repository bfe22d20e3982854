/** The media host of this checkout alone: real sockets, voice activity and Google's clients; the call and the model answer from memory. */
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { defaultFlags } from '../../../domain/flags.ts';
import { asHostId, type CallId, type ConnectId } from '../../../domain/ids.ts';
import { Breaker } from '../../../media/breaker.ts';
import type { CallLink } from '../../../media/call-link.ts';
import { createDoor } from '../../../media/door.ts';
import { MediaHost } from '../../../media/host.ts';
import { createPacer } from '../../../media/pacer.ts';
import { loadVad, vadByLoudness } from '../../../media/vad.ts';
import { createVoice } from '../../../media/voice.ts';
import { createGoogleRecognizer } from '../../../providers/google/recognizer.ts';
import { createGoogleSynthesizer } from '../../../providers/google/synthesizer.ts';
import type { Llm, LlmEvent } from '../../../providers/llm.ts';
import { createRulesLlm } from '../../../providers/rules/llm.ts';
import type { TurnRequest } from '../../../workflows/call/messages.ts';
import { collectSeldom } from '../../../workers/heap.ts';
import { initiate, seedWith } from '../../kit/fake-leg.ts';

export interface HostSettings {
  speechPort: number;
  tokenSecret: string;
  vad: 'silero' | 'loudness';
}

/** What the host says of itself when it is asked. */
export interface HostUsage {
  cpuMs: number;
  userMs: number;
  rssMb: number;
  heapMb: number;
  /** Since it was last asked. */
  loopDelayP99Ms: number;
  loopDelayMaxMs: number;
  liveCalls: number;
  turns: number;
}

collectSeldom();
const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings;
const log = pino({ level: 'info' }, pino.destination('/dev/null'));
let turns = 0;

/** Each answer is new, so that nothing comes from the store of spoken phrases. */
const model: Llm = {
  tier: 'fast',
  async *stream(): AsyncGenerator<LlmEvent> {
    turns += 1;
    const text = `I have found reservation ${String(turns)} for you. It is for Friday at seven in the evening. Shall I keep it?`;
    for (const word of text.match(/\s*\S+/gu) ?? []) {
      yield { type: 'text', text: word };
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    yield {
      type: 'done',
      stopReason: 'end_turn',
      usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 0 },
      model: 'bench',
    };
  },
};

const link: CallLink = {
  attach: (callId) => Promise.resolve(seedWith({ kind: 'none' }, callId)),
  commit(callId, request) {
    setImmediate(() => {
      void answer(callId, request);
    });
    return Promise.resolve('accepted');
  },
  open: (callId) => Promise.resolve(callId),
};

const legs = new Map<CallId, ConnectId>();
async function answer(callId: CallId, { turnId, utterance, via }: TurnRequest): Promise<void> {
  const connectId = legs.get(callId);
  const session = connectId === undefined ? null : host.session(connectId);
  if (session === null || connectId === undefined || via !== 'speech') return;
  await session.answer(
    {
      callId,
      connectId,
      turnId,
      round: 0,
      utterance,
      via,
      facts: null,
      toolResults: [],
      say: null,
      guidance: null,
      allowTools: false,
    },
    new AbortController().signal,
  );
}

const flags = { ...defaultFlags(), phone_silence_timeout_sec: 600 };
const google = { speechUrl: `http://127.0.0.1:${String(settings.speechPort)}`, location: 'global' };
const recognizer = createGoogleRecognizer(google);
const synthesizer = createGoogleSynthesizer({ ttsUrl: google.speechUrl });
const pacer = createPacer();
const host = new MediaHost({
  hostId: asHostId('bench'),
  pacer,
  vad: settings.vad === 'silero' ? await loadVad(log) : vadByLoudness,
  recognizer,
  voice: createVoice(synthesizer, new Map()),
  brain: { fast: model, slow: null, fallback: null, rules: createRulesLlm(), breaker: new Breaker() },
  prompt: { tools: () => [], maxTokens: 200, placeOf: () => ({ zone: 'Europe/London', country: 'GB' }) },
  link,
  flags: () => flags,
  initiateFor: () => initiate,
  log,
});
const begin = host.begin.bind(host);
host.begin = (who, socket) => {
  legs.set(who.callId, who.connectId);
  return begin(who, socket);
};
const door = createDoor(host, { tokenSecret: settings.tokenSecret, publicUrl: () => 'ws://127.0.0.1/media' });
const delays = monitorEventLoopDelay({ resolution: 20 });
delays.enable();
door.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (door.address() as AddressInfo).port });
});

process.on('message', (word) => {
  if (word === 'usage') {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.({
      cpuMs: (user + system) / 1_000,
      userMs: user / 1_000,
      rssMb: rss / 2 ** 20,
      heapMb: heapUsed / 2 ** 20,
      loopDelayP99Ms: delays.percentile(99) / 1e6 - 20,
      loopDelayMaxMs: delays.max / 1e6 - 20,
      liveCalls: host.liveCalls,
      turns,
    } satisfies HostUsage);
    delays.reset();
  } else if (word === 'leave') process.exit(0);
});
