/** A self-hosted speech server on OpenAI's wire, for the sandbox's phones: it hears and speaks what the registers know. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpError, sendJson } from '../http.ts';
import type { SpokenRegister } from '../voice/spoken.ts';
import { changeFaults, faultsForNext, noFaults, type ServerFaults } from './faults.ts';
import { readRequest, speak, type Sound, type SpeechRequest } from './speech.ts';
import { readForm, transcribe, type TranscriptionRequest } from './transcription.ts';

export interface OpenAiSpeechOptions {
  spoken: SpokenRegister;
  botSpeech: SpokenRegister;
  /** Asked for as a bearer token when given. */
  apiKey?: string;
}

export interface OpenAiSpeechStandIn {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  faults: ServerFaults;
  changeFaults(change: unknown): ServerFaults;
  resetFaults(): ServerFaults;
  /** The newest last. */
  requests: { transcriptions: TranscriptionRequest[]; speeches: SpeechRequest[] };
  /** Requests that are being answered. */
  readonly open: number;
}

/** Half a minute of sound and its form. */
const LARGEST_BODY_BYTES = 5_000_000;
const REMEMBERED = 500;
const MODELS = ['Systran/faster-whisper-small', 'tts-1'];

export function createOpenAiSpeechStandIn(options: OpenAiSpeechOptions): OpenAiSpeechStandIn {
  const faults = noFaults();
  const requests: OpenAiSpeechStandIn['requests'] = { transcriptions: [], speeches: [] };
  let open = 0;

  const route = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = (req.url ?? '').split('?')[0];
    if (options.apiKey !== undefined && req.headers.authorization !== `Bearer ${options.apiKey}`)
      throw new HttpError(401, { error: { message: 'Invalid API key', code: 'invalid_api_key' } });
    if (req.method === 'GET' && path === '/health') sendJson(res, 200, { status: 'ok' });
    else if (req.method === 'GET' && path === '/v1/models')
      sendJson(res, 200, { object: 'list', data: MODELS.map((id) => ({ id, object: 'model' })) });
    else if (req.method === 'POST' && path === '/v1/audio/transcriptions') await answerTranscription(req, res);
    else if (req.method === 'POST' && path === '/v1/audio/speech') await answerSpeech(req, res);
    else throw new HttpError(404, { detail: 'Not Found' });
  };

  async function answerTranscription(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const now = faultsForNext(faults.stt);
    const form = await formOf(req);
    if (now.silent) return;
    refuse(now, res);
    const asked = await readForm(form);
    remember(requests.transcriptions, asked.request);
    if (now.delayMs > 0) await wait(now.delayMs);
    sendJson(res, 200, transcribe(asked, options.spoken, now));
  }

  async function answerSpeech(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const now = faultsForNext(faults.tts);
    const asked = readRequest(JSON.parse((await bodyOf(req)).toString('utf8')));
    remember(requests.speeches, asked);
    if (now.silent) return;
    refuse(now, res);
    await send(res, await speak(asked, options.botSpeech, now), now);
  }

  return {
    faults,
    requests,
    get open() {
      return open;
    },
    changeFaults: (change) => changeFaults(faults, change),
    resetFaults: () => changeFaults(faults, { stt: null, tts: null }),
    async handle(req, res) {
      open += 1;
      res.once('close', () => {
        open -= 1;
      });
      await route(req, res);
    },
  };
}

function refuse({ http, retryAfterS }: { http: number | null; retryAfterS: number | null }, res: ServerResponse): void {
  if (http === null) return;
  if (retryAfterS !== null) res.setHeader('retry-after', String(retryAfterS));
  throw new HttpError(http, { detail: http === 429 ? 'Too many requests' : 'Model is not available' });
}

async function send(res: ServerResponse, sound: Sound, faults: ServerFaults['tts']): Promise<void> {
  if (faults.firstByteDelayMs > 0) await wait(faults.firstByteDelayMs);
  res.writeHead(200, { 'content-type': sound.contentType });
  const end = faults.abortHalfway ? sound.bytes.length / 2 : sound.bytes.length;
  for (let at = 0; at < end && !res.destroyed; at += faults.chunkBytes) {
    res.write(sound.bytes.subarray(at, at + faults.chunkBytes));
    // One turn of the loop between two pieces, else the kernel sends them as one.
    await wait(faults.chunkDelayMs);
  }
  if (faults.abortHalfway) res.destroy();
  else res.end();
}

async function formOf(req: IncomingMessage): Promise<FormData> {
  const contentType = req.headers['content-type'] ?? '';
  const body = new Uint8Array(await bodyOf(req));
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- discouraged where anyone may send forms; this door is on loopback and small
    return await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new HttpError(400, { detail: 'There was an error parsing the body' });
  }
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw new HttpError(413, { detail: 'Payload too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function remember<Request>(list: Request[], request: Request): void {
  list.push(request);
  if (list.length > REMEMBERED) list.shift();
}
