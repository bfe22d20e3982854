/** What is owed to a customer whose bot can no longer speak, or no longer hear. */

/** Each sentence is tried twice: a single one that is lost among others that sound is no matter for an excuse. */
const EXCUSE_AFTER_TRIES = 3;
const GIVE_UP_AFTER_TRIES = 6;

/** [ST130] Told after each failed try, counted since the last sentence that could be made into sound; each step once in a row. */
export function onFailedTry(tries: number): 'excuse' | 'give_up' | null {
  if (tries === EXCUSE_AFTER_TRIES) return 'excuse';
  return tries === GIVE_UP_AFTER_TRIES ? 'give_up' : null;
}

/** Streams in a row that ended in failure, or were deaf to speech, without a word between them. */
const STREAMS_TO_LOSE = 3;

/** [ST131] One broken stream is replaced within a moment; so many are a state, and asking to repeat would help nobody. */
export const earsAreLost = (failedStreams: number): boolean => failedStreams >= STREAMS_TO_LOSE;

/** The key that a customer is told to press who cannot be heard. */
const CALL_ME_BACK = '1';

export type DeafAnswer = 'ask_for_key' | 'promise_call' | 'bring_human';

/** [ST131] `deafTurns`: those before this one in which nothing could be heard; null = no matter of deafness. */
export function onDeafTurn(turn: { via: string; utterance: string }, deafTurns: number): DeafAnswer | null {
  if (turn.via === 'deaf') return deafTurns === 0 ? 'ask_for_key' : 'bring_human';
  return turn.via === 'keypad' && turn.utterance === CALL_ME_BACK && deafTurns > 0 ? 'promise_call' : null;
}
