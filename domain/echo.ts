/** The bot's own words, come back through a speakerphone and heard as the customer's. */

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
  const echoed = echoedPrefix(
    pieces.map(bare),
    said
      .split(/\s+/u)
      .map(bare)
      .filter((word) => word !== ''),
  );
  return echoed.score >= leastWords ? pieces.slice(echoed.words).join(' ') : heard;
}

/** The beginning that agrees best with any passage of what was said: a word in common counts one, a word wrong, missing or too many takes one away. */
function echoedPrefix(heard: string[], said: string[]): { words: number; score: number } {
  let best = { words: 0, score: 0 };
  let above = said.map(() => 0);
  for (const [index, word] of heard.entries()) {
    const row: number[] = [];
    for (const [column, other] of said.entries()) {
      const diagonal = column === 0 ? -index : (above[column - 1] ?? 0);
      const left = column === 0 ? -index - 1 : (row[column - 1] ?? 0);
      row.push(Math.max(diagonal + (word === other ? 1 : -1), (above[column] ?? 0) - 1, left - 1));
    }
    const score = Math.max(...row, -Infinity);
    if (score > 0 && score >= best.score) best = { words: index + 1, score };
    above = row;
  }
  return best;
}

const bare = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
