/** What an utterance changes in the facts before anybody has thought about it: the workflow at the commit, the media host when it foresees that. */
import type { ClaimField } from './claim.ts';
import type { ConversationFacts } from './conversation.ts';
import { betterIntent, guessIntent } from './dialog-intent.ts';
import { nextDialogState } from './dialog.ts';

export function factsAfterHearing(
  facts: ConversationFacts,
  utterance: string,
  schema: readonly ClaimField[],
): ConversationFacts {
  if (utterance === '') return facts;
  const guess = guessIntent(utterance);
  const surer =
    guess !== null && betterIntent({ intent: facts.intent, confidence: facts.intentConfidence }, guess)
      ? { intent: guess.intent, intentConfidence: guess.confidence }
      : {};
  const heard = { ...facts, ...surer };
  const standing = { intent: heard.intent, schema, claim: heard.claim };
  return { ...heard, dialogState: nextDialogState(heard.dialogState, 'customer_spoke', standing) };
}
