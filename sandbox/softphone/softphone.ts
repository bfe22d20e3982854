/** One browser page as a phone: it takes a number, rings and is rung, speaks with a microphone or typed text. */
import type { WebSocket } from 'ws';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Sandbox } from '../control/routes.ts';
import type { Handset, Ringing } from '../phone/handset.ts';
import { PhoneCall } from '../phone/phone-call.ts';
import {
  fromBytes,
  isLoud,
  joinFrames,
  padded,
  silentFrame,
  toBytes,
  FRAME_SAMPLES,
  type Frame,
} from '../phone/sound.ts';

const numberText = z
  .string()
  .regex(/^\+?[1-9]\d{4,14}$/u)
  .transform((text) => text.replace('+', ''));
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('register'), number: numberText, language: z.string().max(20).default('en-US') }),
  z.object({ type: z.literal('call'), to: numberText.optional() }),
  z.object({ type: z.literal('answer') }),
  z.object({ type: z.literal('decline') }),
  z.object({ type: z.literal('hangup') }),
  z.object({ type: z.literal('say'), text: z.string().min(1).max(1_000) }),
  /** A text message. */
  z.object({ type: z.literal('text'), text: z.string().min(1).max(1_600), to: numberText.optional() }),
  z.object({ type: z.literal('press'), digits: z.string().regex(/^[\d*#]{1,20}$/u) }),
  /** What the browser's own recogniser makes of the microphone; interim texts grow. */
  z.object({ type: z.literal('spoken'), text: z.string().min(1).max(2_000), final: z.boolean() }),
]);
type Message = z.infer<typeof messageSchema>;

/** Sound before the first loud frame that still belongs to an utterance. */
const LEAD_FRAMES = 10;
/** The browser's recogniser is late: the utterance it speaks of may be over for this long. */
const KEPT_UTTERANCE_FRAMES = 30 * 50;
const PAUSE_ENDS_UTTERANCE_FRAMES = 50;
const TRANSCRIPT_EVERY_FRAMES = 10;
const TEXTS_SHOWN = 50;

export class Softphone implements Handset {
  readonly machine = false;
  readonly #sandbox: Sandbox;
  readonly #socket: WebSocket;
  readonly #log: Logger;
  #number = '';
  #language = 'en-US';
  #return: (() => void) | undefined;
  #ringing: Ringing | undefined;
  #call: PhoneCall | undefined;
  #rest: Int16Array = new Int16Array();
  #utterance: Frame[] = [];
  #quietFrames = 0;
  #framesHeard = 0;

  constructor(sandbox: Sandbox, socket: WebSocket, log: Logger) {
    this.#sandbox = sandbox;
    this.#socket = socket;
    this.#log = log;
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#microphone(fromBytes(data as Buffer));
      else this.#message((data as Buffer).toString('utf8'));
    });
    const unwatch = sandbox.messages.watch(() => {
      this.#sendTexts();
    });
    socket.on('close', () => {
      unwatch();
      this.#return?.();
      this.#ringing?.refuse('unreachable');
      this.#call?.drop();
    });
    socket.on('error', (error) => {
      log.warn({ err: error }, 'softphone connection failed');
    });
    this.#send({ type: 'hello', botNumber: sandbox.ownNumber });
  }

  ring(ringing: Ringing): void {
    if (this.#call?.state === 'live' || this.#ringing !== undefined) {
      ringing.refuse('busy');
      return;
    }
    this.#ringing = ringing;
    this.#send({ type: 'ringing', from: ringing.from });
    ringing.over.addEventListener('abort', () => {
      if (this.#ringing !== ringing) return;
      this.#ringing = undefined;
      this.#send({ type: 'ringing stopped' });
    });
  }

  #message(text: string): void {
    const parsed = messageSchema.safeParse(jsonIn(text));
    if (!parsed.success) {
      this.#send({ type: 'error', message: 'the message was not understood' });
      return;
    }
    this.#act(parsed.data);
  }

  #act(message: Message): void {
    switch (message.type) {
      case 'register':
        this.#register(message.number, message.language);
        return;
      case 'call':
        this.#dial(message.to ?? this.#sandbox.ownNumber);
        return;
      case 'answer':
        this.#answer();
        return;
      case 'decline':
        this.#ringing?.refuse('rejected');
        this.#ringing = undefined;
        return;
      case 'hangup':
        this.#call?.hangUp();
        return;
      case 'say':
        this.#say(message.text);
        return;
      case 'text':
        this.#text(message.text, message.to ?? this.#sandbox.ownNumber);
        return;
      case 'press':
        this.#call?.press(message.digits);
        return;
      case 'spoken':
        this.#spoken(message.text, message.final);
    }
  }

  #register(number: string, language: string): void {
    this.#return?.();
    this.#number = number;
    this.#language = language;
    this.#return = this.#sandbox.book.lend(number, this);
    this.#send({ type: 'registered', number });
    this.#sendTexts();
  }

  #text(text: string, to: string): void {
    if (this.#number === '') {
      this.#send({ type: 'error', message: 'choose a number first' });
      return;
    }
    this.#sandbox.messages.receive({ from: this.#number, to, text }).catch((error: unknown) => {
      this.#send({ type: 'error', message: error instanceof Error ? error.message : String(error) });
    });
  }

  /** All of this number's, oldest first. */
  #sendTexts(): void {
    if (this.#number === '') return;
    const texts = this.#sandbox.messages.all
      .filter(({ direction, from, to }) => (direction === 'inbound' ? from : to) === this.#number)
      .slice(-TEXTS_SHOWN)
      .map(({ direction, text, at, status }) => ({
        who: direction === 'inbound' ? 'customer' : 'bot',
        text,
        at,
        status,
      }));
    this.#send({ type: 'texts', texts });
  }

  #dial(to: string): void {
    if (this.#number === '' || this.#call?.state === 'live') {
      this.#send({ type: 'error', message: this.#number === '' ? 'choose a number first' : 'a call is on' });
      return;
    }
    const call = this.#newCall(to, 'outbound');
    this.#sandbox.network.callIn(call, () => {
      this.#send({ type: 'live' });
    });
    this.#send({ type: 'dialling', to });
  }

  #answer(): void {
    const ringing = this.#ringing;
    if (ringing === undefined) return;
    this.#ringing = undefined;
    const call = this.#newCall(ringing.from, 'inbound');
    call.answered(ringing.answer(call));
    this.#send({ type: 'live' });
  }

  #newCall(other: string, direction: 'inbound' | 'outbound'): PhoneCall {
    const settings = { number: this.#number, language: this.#language };
    const call = new PhoneCall({ settings, other, direction }, this.#sandbox.network.registers, this.#log);
    this.#call = call;
    this.#utterance = [];
    call.onHeard = (frame) => {
      this.#heard(call, frame);
    };
    call.onOver = () => {
      this.#sendTranscript(call);
      this.#send({ type: 'over', because: call.endedBecause ?? '' });
    };
    return call;
  }

  #heard(call: PhoneCall, frame: Frame | undefined): void {
    this.#framesHeard += 1;
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(toBytes(frame ?? silentFrame), { binary: true });
    if (this.#framesHeard % TRANSCRIPT_EVERY_FRAMES === 0) this.#sendTranscript(call);
  }

  #say(text: string): void {
    this.#call?.speak(text).catch((error: unknown) => {
      this.#send({ type: 'error', message: error instanceof Error ? error.message : String(error) });
    });
  }

  /** Whatever piece size the browser sends, the line takes 20 ms. */
  #microphone(pcm: Int16Array): void {
    const all = new Int16Array(this.#rest.length + pcm.length);
    all.set(this.#rest);
    all.set(pcm, this.#rest.length);
    let at = 0;
    for (; at + FRAME_SAMPLES <= all.length; at += FRAME_SAMPLES) {
      const frame = padded(all.subarray(at, at + FRAME_SAMPLES));
      this.#call?.feed(frame);
      this.#keep(frame);
    }
    this.#rest = all.slice(at);
  }

  /** Holds the sound of what is being said, so that the browser's words can be tied to it. */
  #keep(frame: Frame): void {
    this.#quietFrames = isLoud(frame) ? 0 : this.#quietFrames + 1;
    if (this.#quietFrames > PAUSE_ENDS_UTTERANCE_FRAMES && this.#utterance.length > KEPT_UTTERANCE_FRAMES)
      this.#utterance = [];
    this.#utterance.push(frame);
    if (this.#quietFrames > LEAD_FRAMES && this.#quietFrames >= this.#utterance.length) this.#utterance.shift();
  }

  #spoken(text: string, final: boolean): void {
    if (this.#call?.state !== 'live' || this.#utterance.length === 0) return;
    const pcm = joinFrames(this.#utterance);
    this.#sandbox.network.options.spoken.register({ text, language: this.#language, pcm, saidAtMs: Date.now() });
    if (!final) return;
    this.#call.noteSaid(text, this.#utterance.length * 20);
    this.#utterance = [];
  }

  #sendTranscript(call: PhoneCall): void {
    this.#send({ type: 'transcript', transcript: call.transcript() });
  }

  #send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
