/** The tools as the model sees them, and its requests checked before anything is done. */
import { z } from 'zod';
import type { ToolCall, ToolName } from '../domain/tools.ts';
import type { ToolSpec } from './llm.ts';

const claimUpdate = z.object({
  field: z.string().min(1).describe('Name of the field, exactly as in claim_fields.'),
  value: z
    .string()
    .min(1)
    .describe(
      'What the customer said: text as said, datetime as ISO 8601, email as an address, phone_number with country code.',
    ),
});

const SCHEMAS = {
  update_claim: z.object({
    updates: z
      .array(claimUpdate)
      .min(1)
      .max(30)
      .describe('Every field that the customer has just given or corrected, all at once.'),
  }),
  new_claim: z.object({}),
  create_or_update_reminder: z.object({
    title: z.string().min(1).max(200).describe('Short; the same title updates an existing reminder.'),
    description: z.string().max(2_000).default('').describe('What is to be done, with everything needed to do it.'),
    due_date_time: z.string().min(1).describe("When, ISO 8601 in the customer's zone, as 2026-01-31T10:00:00+01:00."),
    owner: z
      .enum(['assistant', 'human', 'customer'])
      .describe(
        'assistant: you will ring the customer back at that time. human: a colleague does it. customer: they do it themselves.',
      ),
    channel: z
      .enum(['call', 'sms', 'both'])
      .optional()
      .describe(
        'How the customer is reached then; left out, it stays as it was. For what they do themselves only when they want to be reminded of it.',
      ),
    words_for_customer: z
      .string()
      .max(400)
      .optional()
      .describe(
        "One sentence to the customer, in their language, that says what the call or message is about, as you will say it then. No greeting, nothing of 'as promised'.",
      ),
    zone: z
      .string()
      .max(64)
      .optional()
      .describe(
        'IANA time zone, as Europe/Paris, when the customer has told where they are; due_date_time is then local there.',
      ),
    flexible: z.boolean().optional().describe('true when the customer named no time of day.'),
  }),
  cancel_reminder: z.object({
    title: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Exactly as in reminders of call_state; leave it out where only one can be meant.'),
  }),
  talk_to_human: z.object({
    reason: z
      .string()
      .min(1)
      .max(500)
      .default('The customer asked for a person.')
      .describe('Why a colleague is needed, for the colleague: what the customer wants and what was tried.'),
  }),
  send_sms: z.object({
    message: z.string().min(1).max(1_000).describe("The text, in the customer's language, complete in itself."),
  }),
  set_language: z.object({ language: z.string().min(2).max(20).describe('BCP 47, as de-DE.') }),
  set_speech_speed: z.object({
    speed: z.number().min(0.75).max(1.25).describe('1 = normal, 0.75 = slowest, 1.25 = fastest.'),
  }),
  opt_out: z.object({}),
  end_call: z.object({}),
  search_knowledge: z.object({
    queries: z
      .array(z.string().min(1).max(300))
      .min(1)
      .max(5)
      .describe('Questions in plain words, different wordings of what the customer wants to know.'),
  }),
} as const satisfies Record<ToolName, z.ZodType>;

const DESCRIPTIONS: Record<ToolName, string> = {
  update_claim:
    "Store what the customer has told in the claim's fields. Call it as soon as a value is known, also to correct one. Never invent a value; do not store your own guesses. The result says what was refused and why.",
  new_claim:
    'Close the present claim and begin an empty one, when the customer turns to a different matter. Not for corrections.',
  create_or_update_reminder:
    'Note something to be done at a time: a promised call back (owner assistant), work for a colleague (owner human), or something the customer has to do (owner customer). If the time is unclear, ask first.',
  cancel_reminder:
    'Take back what was promised, in this call or an earlier one: the customer needs no call back or reminder any more. Not for another time or way: create_or_update_reminder with the same title. Not when they want no calls at all: opt_out.',
  talk_to_human:
    'Put the customer through to a human colleague: when they ask for a person, complain, want a refund, threaten with court, or when you cannot help. Say in the same reply that you are connecting them.',
  send_sms: 'Send the customer a text message to their own number, when they ask for one or agree to it.',
  set_language:
    'Go on in another language, when the customer asks for it or speaks it. Your next sentence is in that language.',
  set_speech_speed: 'Speak slower or faster, when the customer asks for it.',
  opt_out:
    'The customer wants no more calls and messages from us, ever: "take me off your list". Not when they have no time now or today. It takes effect at once.',
  end_call:
    'Hang up. Only after the customer has said goodbye or agrees that everything is settled; say goodbye in the same reply.',
  search_knowledge:
    "Look up the company's own documents before answering a question about its products, rules or opening hours.",
};

export type ParsedToolCall = {
  [Name in ToolName]: { name: Name; arguments: z.infer<(typeof SCHEMAS)[Name]> };
}[ToolName];

export const TOOL_NAMES = Object.keys(SCHEMAS) as ToolName[];

export const TOOL_SPECS: readonly ToolSpec[] = TOOL_NAMES.map((name) => ({
  name,
  description: DESCRIPTIONS[name],
  inputSchema: jsonSchema(SCHEMAS[name]),
}));

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return rest;
}

/** A returning caller is not hung up on before they have said a word: `end_call` is withheld on their first turn. */
export function toolsFor(situation: {
  returningCaller: boolean;
  firstTurn: boolean;
  smsPossible?: boolean;
}): ToolSpec[] {
  return TOOL_SPECS.filter(({ name }) => {
    if (name === 'end_call') return !(situation.returningCaller && situation.firstTurn);
    if (name === 'send_sms') return situation.smsPossible !== false;
    return true;
  });
}

/** The request typed, or a sentence that tells the model what to mend. */
export function parseToolCall(
  call: Pick<ToolCall, 'name' | 'arguments'>,
): { ok: true; call: ParsedToolCall } | { ok: false; reason: string } {
  const name = TOOL_NAMES.find((known) => known === call.name);
  if (name === undefined)
    return { ok: false, reason: `There is no tool "${call.name}". Tools: ${TOOL_NAMES.join(', ')}.` };
  const parsed = SCHEMAS[name].safeParse(call.arguments);
  if (parsed.success) return { ok: true, call: { name, arguments: parsed.data } as ParsedToolCall };
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.length === 0 ? 'arguments' : issue.path.join('.')}: ${issue.message}`,
  );
  return { ok: false, reason: `${name} was not carried out; mend and call it again. ${problems.join('; ')}.` };
}
