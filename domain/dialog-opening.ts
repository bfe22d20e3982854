/** What the bot says first when it gets (back) on the line. */
import type { ConversationFacts, Opening, TranscriptEntry } from './conversation.ts';
import { withDisclosure } from './disclosure.ts';
import type { Initiate } from './initiate.ts';
import { asTurnId } from './ids.ts';
import { phrase, type PhraseKind } from './phrases.ts';
import { unheardRest } from './dialog-transcript.ts';

export interface OpeningMatter {
  /** How the bot came onto the line. */
  why: 'first_time' | 'promised' | 'rung_back' | 'resumed' | 'host_lost' | 'operator_failed' | 'operator_left';
  turnId: string;
  initiate: Initiate;
  facts: ConversationFacts;
  transcript: readonly TranscriptEntry[];
  /** An utterance was committed and not answered: the answer follows by itself. */
  answerFollows: boolean;
  /** A promised call's matter, in words for the customer. */
  reason: string | null;
  /** It comes later than promised. */
  late?: boolean;
}

/** [RC1] After a lost host only the unheard rest is said again; what was committed is not asked again. */
export function openingFor(matter: OpeningMatter): Opening {
  const { turnId, facts, initiate } = matter;
  const late = matter.late === true ? phrase('sorry_so_late', facts.language) : null;
  const spoken = (kind: PhraseKind, recap: string | null = null): string =>
    phrase(kind, facts.language, {
      variables: {
        company: initiate.botCompany,
        botName: initiate.botName,
        customerName: firstName(facts),
        recap,
        late,
      },
    });
  switch (matter.why) {
    case 'first_time':
      return { kind: 'greeting', turnId, text: disclosed(initiate.greeting ?? spoken('greeting'), initiate) };
    case 'promised':
      return { kind: 'greeting', turnId, text: spoken('promised_call', matter.reason) };
    case 'rung_back':
      return { kind: 'greeting', turnId, text: spoken('ringing_back') };
    case 'resumed':
      return { kind: 'welcome_back', turnId, text: spoken('welcome_back', knownInWords(facts)) };
    case 'host_lost': {
      const rest = matter.answerFollows ? '' : unheardRest(matter.transcript);
      return {
        kind: 'sorry',
        turnId,
        text: spoken(
          'sorry_as_I_was_saying',
          rest === '' && !matter.answerFollows ? lastQuestion(matter.transcript) : rest,
        ),
      };
    }
    case 'operator_failed':
      return { kind: 'after_operator', turnId, text: spoken('operator_failed') };
    case 'operator_left':
      return { kind: 'after_operator', turnId, text: spoken('after_operator') };
  }
}

/** [CG8] */
const disclosed = (greeting: string, { disclosure }: Initiate): string =>
  disclosure === undefined ? greeting : withDisclosure(greeting, disclosure);

/** Of ids in a media host: an opening is a turn of the bot's own. */
export const openingTurnId = (connectId: string): string => asTurnId(`opening:${connectId}`);
/** One that the host spoke by itself is an opening too. */
export const isOpening = (turnId: string): boolean => /^(?:opening|alone):/u.test(turnId);

const firstName = (facts: ConversationFacts): string | null => facts.customerName?.split(/\s+/)[0] ?? null;

function knownInWords(facts: ConversationFacts): string | null {
  const known = Object.entries(facts.claim).filter(([field]) => field !== 'caller_phone');
  return known.length === 0
    ? null
    : known
        .slice(0, 4)
        .map(([field, value]) => `${field.replaceAll('_', ' ')} ${value}`)
        .join(', ');
}

/** The bot was waiting for an answer: its last question, so that the customer knows where we are. */
function lastQuestion(transcript: readonly TranscriptEntry[]): string | null {
  const last = transcript.at(-1);
  if (last?.persona !== 'assistant' || last.text === '') return null;
  return last.text.match(/[^.!?]*\?\s*$/)?.[0].trim() ?? null;
}
