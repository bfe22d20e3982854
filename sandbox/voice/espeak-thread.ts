/** The worker thread that speaks: espeak-ng blocks for as long as it synthesises, which the 20 ms clock of a media leg could not bear. */
import { parentPort } from 'node:worker_threads';
// @ts-expect-error: the package ships no types; what we use of it is described by EspeakModule below.
import createEspeak from '@echogarden/espeak-ng-emscripten';
import { resample } from './resample.ts';
import type { SpeechJob, SpeechResult } from './espeak.ts';
import type { WordTime } from './spoken.ts';

const ESPEAK_HZ = 22_050;
const WORDS_A_MINUTE = 165;

interface EspeakEvent {
  type: string;
  text_position: number;
  audio_position: number;
}

interface WordStart {
  at: number;
  startMs: number;
}

interface EspeakVoice {
  languages: { name: string }[];
}

interface Espeak {
  set_voice(name: string): number;
  set_rate(wordsAMinute: number): void;
  set_pitch(pitch: number): void;
  list_voices(): EspeakVoice[];
  synthesize(text: string, onAudio: (pcm: Int16Array, events: EspeakEvent[]) => boolean): void;
}

interface EspeakModule {
  eSpeakNGWorker: new () => PromiseLike<Espeak>;
}

const espeakModule = await (createEspeak as () => Promise<EspeakModule>)();
// The constructor answers a promise: without awaiting it, speech stops after a tenth of a second.
const espeak = await new espeakModule.eSpeakNGWorker();
const languages = new Set(espeak.list_voices().flatMap((voice) => voice.languages.map((language) => language.name)));

parentPort?.on('message', (job: SpeechJob) => {
  const result = speak(job);
  parentPort?.postMessage(result, 'pcm' in result ? [result.pcm.buffer as ArrayBuffer] : []);
});

function speak(job: SpeechJob): SpeechResult {
  const variant = job.voice === undefined ? '' : `+${job.voice}`;
  // It lists `fr-fr` and `en-gb` but speaks them by the names `fr` and `en` only.
  if (!espeakNames(job.language).some((name) => espeak.set_voice(`${name}${variant}`) === 0)) {
    return { id: job.id, error: `espeak speaks no ${job.language}${variant}` };
  }
  espeak.set_rate(Math.round(WORDS_A_MINUTE * job.rate));
  espeak.set_pitch(50);
  const chunks: Int16Array[] = [];
  const starts: WordStart[] = [];
  espeak.synthesize(job.text, (pcm, events) => {
    if (pcm.length > 0) chunks.push(pcm);
    for (const event of events) {
      if (event.type === 'word') starts.push({ at: event.text_position - 1, startMs: event.audio_position });
    }
    return false;
  });
  const pcm = resample(joined(chunks), ESPEAK_HZ, 16_000);
  // A copy that owns its memory, so that it can be handed over whole.
  const own = new Int16Array(pcm);
  return { id: job.id, pcm: own, words: wordTimes(job.text, starts, own.length / 16) };
}

/**
 * The words as written, with the place of each in the sound. espeak counts code points, takes "of the" for one word and speaks
 * "25" as two: what begins within a written word belongs to it, and written words without a beginning share their neighbour's time.
 */
function wordTimes(text: string, starts: WordStart[], totalMs: number): WordTime[] {
  const written = [...text.matchAll(/\S+/gu)].map((match) => ({
    text: match[0],
    at: Array.from(text.slice(0, match.index)).length,
  }));
  const spans: { words: string[]; startMs: number }[] = [];
  for (const [i, word] of written.entries()) {
    const nextAt = written[i + 1]?.at ?? Infinity;
    const start = starts.find((one) => one.at < nextAt && (one.at >= word.at || i === 0));
    const span = spans.at(-1);
    if (start === undefined && span !== undefined) span.words.push(word.text);
    else spans.push({ words: [word.text], startMs: start?.startMs ?? 0 });
  }
  return spans.flatMap((span, i) => shared(span.words, span.startMs, spans[i + 1]?.startMs ?? totalMs));
}

function shared(words: string[], fromMs: number, toMs: number): WordTime[] {
  const characters = words.join('').length;
  let before = 0;
  return words.map((text) => {
    const startMs = fromMs + ((toMs - fromMs) * before) / characters;
    before += text.length;
    return { text, startMs, endMs: fromMs + ((toMs - fromMs) * before) / characters };
  });
}

function espeakNames(tag: string): string[] {
  const lower = tag.toLowerCase();
  const base = lower.split('-')[0] ?? lower;
  const listed = [lower, base].filter((name) => languages.has(name));
  return listed.length > 0 ? listed : [...languages].filter((name) => name.startsWith(`${base}-`));
}

function joined(chunks: Int16Array[]): Int16Array {
  const all = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
