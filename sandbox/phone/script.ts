/** How a scripted customer is written down: the YAML of `sandbox/scenarios`, and the JSON of the control API. */
import { z } from 'zod';

const seconds = z.number().min(0).max(600);
const ms = z.int().min(0).max(600_000);

/** `/regex/i`, or plain words, found anywhere and in either case. */
const pattern = z
  .string()
  .min(1)
  .transform((text, context) => {
    const [, source, flags] = /^\/(.*)\/([a-z]*)$/su.exec(text) ?? [];
    try {
      return source === undefined
        ? new RegExp(escaped(text), 'iu')
        : new RegExp(source, flags?.includes('u') === true ? flags : `${flags ?? ''}u`);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'not a regular expression');
      return z.NEVER;
    }
  });

const step = z.union([
  z.strictObject({ says: z.string().min(1) }),
  /** Waits this long, whatever happens. */
  z.strictObject({ waitsMs: ms }),
  /** Waits until the bot, having spoken, is silent for so long. */
  z.strictObject({ waitsForSilenceMs: ms, withinMs: ms.default(60_000) }),
  /** Waits until the bot has said this; going on without it after `withinMs`. */
  z.strictObject({ waitsToHear: pattern, withinMs: ms.default(30_000) }),
  /** As before, but not hearing it is an error, and ends the call. */
  z.strictObject({ expects: pattern, withinMs: ms.default(30_000) }),
  /** Speaks into the bot's sentence once that has lasted so long. */
  z.strictObject({ interrupts: z.string().min(1), afterMs: ms.default(700), withinMs: ms.default(30_000) }),
  z.strictObject({ presses: z.string().regex(/^[\d*#A-D]+$/u) }),
  /** Only the rules speak for so long. */
  z.strictObject({ converses: z.union([z.literal(true), seconds]) }),
  z.strictObject({ hangsUp: z.literal(true) }),
  /** The line goes dead: nobody says goodbye, nobody hangs up. */
  z.strictObject({ drops: z.literal(true) }),
]);

const rule = z.strictObject({
  /** What the bot said since this phone last spoke. */
  when: pattern,
  says: z.string().min(1).optional(),
  presses: z.string().optional(),
  hangsUp: z.literal(true).optional(),
  times: z.int().min(1).default(1_000),
});

export const scriptSchema = z.strictObject({
  name: z.string().default('unnamed'),
  /** E.164 without plus, or `*` for every number that nobody else answers. */
  numbers: z.array(z.string()).default([]),
  language: z.string().default('en-US'),
  /** An espeak variant. */
  voice: z.string().optional(),
  /** A speakerphone: the bot hears itself so much later, with so much of its loudness. */
  echo: z.strictObject({ delayMs: z.int().min(0).max(600), gain: z.number().min(0).max(1) }).optional(),
  ringMs: ms.default(600),
  pickup: z
    .enum(['answers', 'busy', 'no answer', 'rejects', 'unreachable', 'out of service', 'voicemail'])
    .default('answers'),
  /** The bot's silence after which the rules answer. */
  answersAfterMs: ms.default(700),
  steps: z.array(step).default([{ converses: true }]),
  answersWith: z.array(rule).default([]),
  /** Said when the bot has spoken and no rule knows an answer. */
  otherwise: z.string().optional(),
  /** Rings off when nothing has been said on either side for so long. */
  patienceMs: ms.default(30_000),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptSource = z.input<typeof scriptSchema>;
export type Step = Script['steps'][number];
export type Rule = Script['answersWith'][number];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
