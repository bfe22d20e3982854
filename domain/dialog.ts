/** Where a conversation stands, and what the bot owes the customer when it hears nothing or does not understand. */
import { claimIsComplete, missingFields, type ClaimField, type ClaimValues } from './claim.ts';
import type { DialogState } from './conversation.ts';
import { askingGuidance, type Means, type Tries } from './read-back.ts';

/** What the configuration and the flags say about one call; read at its start and again on silence. */
export interface CallRules {
  ringTimeoutS: number;
  operatorRingTimeoutS: number;
  /** Silences in a row until the bot says goodbye. */
  silencesMax: number;
  /** Misunderstandings in a row until a human is brought in. */
  misunderstandingsMax: number;
  /** Language (two letters) → phrases; null = the shipped ones. */
  escalationPhrases: Record<string, string[]> | null;
  resumeWithinMs: number;
}

export const SHIPPED_RULES: CallRules = {
  ringTimeoutS: 45,
  operatorRingTimeoutS: 25,
  silencesMax: 3,
  misunderstandingsMax: 2,
  escalationPhrases: null,
  resumeWithinMs: 3 * 3_600_000,
};

export interface DialogFacts {
  intent: string | null;
  schema: readonly ClaimField[];
  claim: ClaimValues;
  tries?: Tries;
  /** Absent = speech and keys alone. */
  means?: Means;
}

export type DialogHappening =
  | 'customer_spoke'
  | 'tools_started'
  | 'tools_ended'
  | 'transfer_wanted'
  | 'operator_left'
  | 'conversation_resumed'
  | 'farewell_wanted';

/** [CL1] The one place where the dialogue moves on. */
export function nextDialogState(state: DialogState, happening: DialogHappening, facts: DialogFacts): DialogState {
  switch (happening) {
    case 'transfer_wanted':
      return 'TRANSFER_TO_AGENT';
    case 'farewell_wanted':
      return 'FAREWELL';
    case 'tools_started':
      return state === 'FAREWELL' || state === 'TRANSFER_TO_AGENT' ? state : 'PROCESSING';
    case 'operator_left':
    case 'conversation_resumed':
      return collecting(facts);
    case 'tools_ended':
      return state === 'PROCESSING' ? collecting(facts) : state;
    case 'customer_spoke':
      return state === 'TRANSFER_TO_AGENT' ? state : collecting(facts);
  }
}

function collecting(facts: DialogFacts): DialogState {
  if (claimIsComplete(facts.schema, facts.claim)) return 'CONFIRMATION';
  const anythingKnown = facts.intent !== null || Object.keys(facts.claim).length > 0;
  return anythingKnown ? 'COLLECTING_DATA' : 'INTENT_RECOGNITION';
}

export type PolicyAnswer = 'still_there' | 'say_again' | 'say_goodbye' | 'bring_human';

/** [CL2] Each silence is asked about; the last allowed one ends the call politely. */
export function onSilence(silences: number, rules: CallRules): PolicyAnswer {
  return silences >= rules.silencesMax ? 'say_goodbye' : 'still_there';
}

/** [CL3] Whom we did not understand is asked once more, then gets a human. */
export function onMisunderstanding(misunderstandings: number, rules: CallRules): PolicyAnswer {
  return misunderstandings >= rules.misunderstandingsMax ? 'bring_human' : 'say_again';
}

/** For the model only: what the dialogue needs now. */
export function guidanceFor(state: DialogState, facts: DialogFacts): string | null {
  switch (state) {
    case 'GREETING':
    case 'INTENT_RECOGNITION':
      return 'Find out what the customer needs before asking for details.';
    case 'COLLECTING_DATA':
    case 'PROCESSING': {
      const missing = missingFields(facts.schema, facts.claim);
      if (missing.length === 0) return null;
      const asking = askingGuidance(missing, facts.tries ?? {}, facts.means ?? { textReplies: false });
      const names = missing.map((field) => field.name).join(', ');
      return `Still missing in the claim: ${names}. Ask for one at a time; never ask for what is already there.${asking === null ? '' : ` ${asking}`}`;
    }
    case 'CONFIRMATION':
      return 'The claim is complete. Sum it up in one sentence, have it confirmed, then ask whether there is anything else.';
    case 'TRANSFER_TO_AGENT':
      return 'A human colleague is being brought in.';
    case 'FAREWELL':
      return 'Say goodbye.';
  }
}
