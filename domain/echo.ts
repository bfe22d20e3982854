/** The bot's own words, come back through a speakerphone and heard as the customer's. */
import { remembering } from './remembering.ts';

export interface EchoedWords {
  heard: string;
  /** What the bot has said since the sound began, and a little before. */
  said: string;
  /** Fewer words in common may be the customer's, who often answers in the words of the question. */
  leastWords: number;
}

/** [BI32] What is left of the words heard without those at their beginning that are the bot's. A word misheard here and there does not matter. */
export function withoutEcho({ heard, said, leastWords }: EchoedWords): string {
  const pieces = heard.split(/\s+/u).filter((piece) => bare(piece) !== '');
  const echoed = echoedPrefix(pieces.map(bare), bareWords(said, said));
  return echoed.score >= leastWords ? pieces.slice(echoed.words).join(' ') : heard;
}

/** The beginning that agrees best with any passage of what was said: a word in common counts one, a word wrong, missing or too many takes one away. */
function echoedPrefix(heard: string[], said: string[]): { words: number; score: number } {
  let best = { words: 0, score: 0 };
  let above = new Int32Array(said.length);
  let row = new Int32Array(said.length);
  for (let index = 0; index < heard.length; index += 1) {
    let score = -Infinity;
    let diagonal = -index;
    let left = -index - 1;
    for (let column = 0; column < said.length; column += 1) {
      const over = above[column] as number;
      const agrees = heard[index] === said[column] ? 1 : -1;
      left = Math.max(diagonal + agrees, over - 1, left - 1);
      row[column] = left;
      if (left > score) score = left;
      diagonal = over;
    }
    if (score > 0 && score >= best.score) best = { words: index + 1, score };
    [above, row] = [row, above];
  }
  return best;
}

const bare = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** The bot's words stay while the customer's grow. */
const bareWords = remembering((text: string): string[] =>
  text
    .split(/\s+/u)
    .map(bare)
    .filter((word) => word !== ''),
);
