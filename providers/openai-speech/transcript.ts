/** [ST105] What a transcription says, and whether it was said: Whisper invents words for noise and silence, in tell-tale ways. */
import { z } from 'zod';
import { heardLanguage } from './languages.ts';

/** `verbose_json`; a server that knows only `json` sends `text` alone. */
const answerSchema = z.object({
  text: z.string().default(''),
  language: z.string().nullish(),
  segments: z
    .array(
      z.object({
        text: z.string().default(''),
        start: z.number().nullish(),
        end: z.number().nullish(),
        avg_logprob: z.number().nullish(),
        no_speech_prob: z.number().nullish(),
        compression_ratio: z.number().nullish(),
      }),
    )
    .nullish(),
});

type Segment = NonNullable<z.infer<typeof answerSchema>['segments']>[number];

export interface Transcript {
  text: string;
  /** 0–1, 0 = unknown. */
  confidence: number;
  language: string | null;
}

/** Whisper's own rule for silence: both at once (`no_speech_threshold`, `logprob_threshold` of its transcribe()). */
const NO_SPEECH = 0.6;
const UNSURE_LOGPROB = -1;
/** So sure that nobody spoke that the words do not matter. */
const SURELY_NO_SPEECH = 0.9;
/** Its rule for a phrase repeated without end (`compression_ratio_threshold`). */
const REPEATS = 2.4;

/** Subtitles of the films it was taught with: nobody says these to us. */
const NEVER_SAID =
  /^(subtitles? (by|made|created)|thanks? (you )?for watching|please subscribe|amara\.org|(редактор )?субтитр|субтитры|продолжение следует|untertitel|sous-titr|subtítulos|sottotitoli|legendas|ondertitel|napisy|altyaz|субтитри)/i;

/** Null = not in a form that we know. */
export function transcriptFrom(body: unknown, asked: { language: string; prompt: string }): Transcript | null {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) return null;
  const { segments, text, language } = parsed.data;
  const heard = heardLanguage(language ?? undefined, asked.language);
  if (segments == null || segments.length === 0)
    return { text: believed(text, asked.prompt), confidence: 0, language: heard };
  const said = segments.filter(wasSaid);
  return {
    text: believed(said.map((segment) => segment.text).join(''), asked.prompt),
    confidence: confidenceOf(said),
    language: heard,
  };
}

function wasSaid({ no_speech_prob: noSpeech, avg_logprob: logprob, compression_ratio: ratio }: Segment): boolean {
  if ((noSpeech ?? 0) > SURELY_NO_SPEECH) return false;
  if ((noSpeech ?? 0) > NO_SPEECH && (logprob ?? 0) < UNSURE_LOGPROB) return false;
  return (ratio ?? 0) <= REPEATS;
}

function believed(raw: string, prompt: string): string {
  const text = raw.replace(/\s+/g, ' ').trim();
  // Sounds in brackets are stage directions: [MUSIC], (coughs), *sighs*, ♪.
  const words = text.replace(/\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪/g, '').trim();
  if (!/[\p{L}\p{N}]/u.test(words) || NEVER_SAID.test(words)) return '';
  return prompt !== '' && plain(words) === plain(prompt) ? '' : words;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Mean of the words' probability, each part by its length. */
function confidenceOf(segments: readonly Segment[]): number {
  let sum = 0;
  let weight = 0;
  for (const { avg_logprob: logprob, start, end } of segments) {
    if (logprob == null) continue;
    const length = Math.max(0.1, (end ?? 0) - (start ?? 0));
    sum += logprob * length;
    weight += length;
  }
  return weight === 0 ? 0 : Math.min(1, Math.exp(sum / weight));
}
