/** Models fall into loops: the same sentence again in the next round of tools, or turn after turn. People hear that at once. */

export interface SaidBefore {
  /** Sentences of the same turn, from its earlier rounds. */
  thisTurn: readonly string[];
  /** The bot's replies before this turn, sentence by sentence, the latest last. */
  replies: readonly (readonly string[])[];
  /** The customer has asked to hear it again. */
  askedAgain: boolean;
}

export interface RepetitionGuard {
  /** What may be said at once. */
  push(sentence: string): string[];
  /** When the reply is whole: what was held back and is all there is; `stuck` = it was heard twice already, say something else. */
  rest(): { sentences: string[]; stuck: boolean };
}

/** "Yes, of course." may come as often as it likes. */
const MIN_WORDS = 4;
/** A question left unanswered may be asked once more in the same words. */
const HEARD_ENOUGH = 2;

/** [TT50-TT52] */
export function createRepetitionGuard({ thisTurn, replies, askedAgain }: SaidBefore): RepetitionGuard {
  const inThisTurn = new Set(thisTurn.map(bare));
  const before = replies.map((sentences) => new Set(sentences.map(bare)));
  const held: string[] = [];
  /** More than a word of courtesy: with it the reply goes on. */
  let saidSome = false;
  /** In how many of the latest replies, without a gap. */
  const heardInARow = (key: string): number => {
    const gap = [...before].reverse().findIndex((reply) => !reply.has(key));
    return gap === -1 ? before.length : gap;
  };
  return {
    push(sentence) {
      const key = bare(sentence);
      const isQuestion = sentence.trimEnd().endsWith('?');
      const isLong = key.split(' ').length >= MIN_WORDS;
      if (isLong) {
        if (inThisTurn.has(key)) return [];
        const heard = askedAgain ? 0 : heardInARow(key);
        if (heard >= (isQuestion ? HEARD_ENOUGH : 1)) {
          held.push(sentence);
          return [];
        }
      }
      inThisTurn.add(key);
      saidSome ||= isLong || isQuestion;
      return [sentence];
    },
    rest() {
      if (saidSome || held.length === 0) return { sentences: [], stuck: false };
      const stuck = held.every((sentence) => heardInARow(bare(sentence)) >= HEARD_ENOUGH);
      return { sentences: stuck ? [] : held, stuck };
    },
  };
}

const bare = (sentence: string): string =>
  sentence
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
