/** How much of a sentence was heard, from how much of its sound was played. */

/** Speech runs at about 15 characters a second in the languages we speak (150-170 words a minute). */
const MS_PER_CHAR = 65;

export function estimatedSpeechMs(text: string, speed: number): number {
  return (text.length * MS_PER_CHAR) / speed;
}

/** The words played by then: cut after the last word that had begun to sound for the most part. */
export function heardPart(text: string, played: { playedMs: number; totalMs: number }): string {
  if (played.playedMs <= 0 || played.totalMs <= 0) return '';
  if (played.playedMs >= played.totalMs) return text;
  const reached = (text.length * played.playedMs) / played.totalMs;
  let end = 0;
  for (const word of text.matchAll(/\S+/gu)) {
    const middle = word.index + word[0].length / 2;
    if (middle > reached) break;
    end = word.index + word[0].length;
  }
  return text.slice(0, end);
}
