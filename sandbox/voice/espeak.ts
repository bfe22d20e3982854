/** Speech without a network: espeak-ng in a worker thread of its own, 16 kHz mono, each phrase synthesised once. */
import { Worker } from 'node:worker_threads';
import type { WordTime } from './spoken.ts';

export interface VoiceChoice {
  /** BCP 47, such as `en-US` or `ru-RU`. */
  language: string;
  /** An espeak variant: `f1`…`f5`, `m1`…`m8`, `croak`, `whisper`. The bare voice of the language when absent. */
  voice?: string;
  /** 1 is 165 words a minute. */
  rate?: number;
}

export interface Speech {
  /** 16 kHz mono. Shared between callers: read it, do not write into it. */
  pcm: Int16Array;
  words: WordTime[];
}

export interface SpeechJob {
  id: number;
  text: string;
  language: string;
  voice: string | undefined;
  rate: number;
}

export type SpeechResult = { id: number; pcm: Int16Array; words: WordTime[] } | { id: number; error: string };

export const SPEECH_HZ = 16_000;
/** Phones speak with this variant, the bot with its language's bare voice: a recording tells them apart by ear. */
export const PHONE_VOICE = 'f2';
const CACHED_PHRASES = 500;

export async function synthesize(text: string, choice: VoiceChoice): Promise<Int16Array> {
  return (await synthesizeWithWords(text, choice)).pcm;
}

export function synthesizeWithWords(text: string, choice: VoiceChoice): Promise<Speech> {
  const key = JSON.stringify([choice.language, choice.voice ?? '', choice.rate ?? 1, text]);
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const speech = speakInThread(text, choice);
  cache.set(key, speech);
  speech.catch(() => cache.delete(key));
  if (cache.size > CACHED_PHRASES) cache.delete(cache.keys().next().value ?? key);
  return speech;
}

const cache = new Map<string, Promise<Speech>>();
const waiting = new Map<number, { resolve(speech: Speech): void; reject(error: Error): void }>();
let thread: Worker | undefined;
let lastJob = 0;

const lately: string[] = [];
const KEPT_LATELY = 20;

/** How often espeak was put to work, and what it spoke last. */
export const renderings = (): { count: number; lately: readonly string[] } => ({ count: lastJob, lately });

function speakInThread(text: string, choice: VoiceChoice): Promise<Speech> {
  const id = (lastJob += 1);
  lately.push(`${choice.language}+${choice.voice ?? ''}@${choice.rate ?? 1} ${text}`);
  if (lately.length > KEPT_LATELY) lately.shift();
  const job: SpeechJob = { id, text, language: choice.language, voice: choice.voice, rate: choice.rate ?? 1 };
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    const speaker = runningThread();
    speaker.ref();
    speaker.postMessage(job);
  });
}

function runningThread(): Worker {
  if (thread !== undefined) return thread;
  const started = new Worker(new URL('./espeak-thread.ts', import.meta.url));
  started.on('message', settle);
  started.on('error', (error) => {
    abandon(error instanceof Error ? error : new Error(String(error)));
  });
  started.on('exit', (code) => {
    abandon(new Error(`the espeak thread ended with ${code}`));
  });
  thread = started;
  return started;
}

function settle(result: SpeechResult): void {
  const asked = waiting.get(result.id);
  waiting.delete(result.id);
  // An idle thread must not keep a finished program alive.
  if (waiting.size === 0) thread?.unref();
  if ('error' in result) asked?.reject(new Error(result.error));
  else asked?.resolve({ pcm: result.pcm, words: result.words });
}

function abandon(reason: Error): void {
  thread = undefined;
  for (const asked of waiting.values()) asked.reject(reason);
  waiting.clear();
}
