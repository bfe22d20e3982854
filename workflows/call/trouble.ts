/** What the call does when its bot has lost its voice or its ears: it says so, and somebody calls. */
import { isoTime } from '../../domain/document.ts';
import { onDeafTurn } from '../../domain/speech-trouble.ts';
import type { PhraseKind } from '../../domain/phrases.ts';
import type { TurnRequest } from './messages.ts';
import { remind } from './reminders.ts';
import type { CallRun } from './state.ts';
import type { AfterTools } from './tools.ts';

/** Long enough for a vendor to recover, soon enough to be remembered. */
const CALL_BACK_AFTER_MS = 15 * 60_000;

export interface TroubleAnswer {
  phrase: PhraseKind;
  then: AfterTools;
  /** What the customer is rung for later; null = for nothing. */
  promise: string | null;
}

/** Turns in a row in which nothing could be heard. */
export function countDeaf({ state }: CallRun, turn: TurnRequest): void {
  if (turn.via === 'deaf') state.deafTurns = (state.deafTurns ?? 0) + 1;
  else if (turn.via === 'speech') delete state.deafTurns;
}

/** [ST130, ST131] Null = a turn like any other. */
export function troubleAnswer({ state }: CallRun, turn: TurnRequest): TroubleAnswer | null {
  if (turn.via === 'mute')
    return {
      phrase: 'no_voice',
      then: { kind: 'hang_up', reason: 'the bot has no voice', onPurpose: false },
      promise: 'The bot could not speak any more',
    };
  const before = (state.deafTurns ?? 0) - (turn.via === 'deaf' ? 1 : 0);
  switch (onDeafTurn(turn, before)) {
    case 'ask_for_key':
      return { phrase: 'no_ears', then: { kind: 'go_on' }, promise: null };
    case 'bring_human':
      return {
        phrase: 'connecting_operator',
        then: { kind: 'transfer', reason: 'The bot could not hear the customer' },
        promise: null,
      };
    case 'promise_call':
      return {
        phrase: 'no_voice',
        then: { kind: 'hang_up', reason: 'the bot could not hear', onPurpose: false },
        promise: 'The bot could not hear the customer',
      };
    case null:
      return null;
  }
}

export async function promiseCall(run: CallRun, why: string): Promise<void> {
  run.state.cutShort = true;
  await remind(run, {
    title: 'Call back after technical trouble',
    description: why,
    dueDateTime: isoTime(Date.now() + CALL_BACK_AFTER_MS),
    owner: 'assistant',
  });
}
