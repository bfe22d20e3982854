/** Cuts a long text to what one request may hold, at the ends of sentences where there are any. */

// Quotas page: 5,000 bytes of UTF-8 a request; about 2,500 Cyrillic characters.
const MOST_BYTES = 4_800;

export function textPieces(text: string, language: string): string[] {
  const whole = text.trim();
  if (whole === '') return [];
  if (Buffer.byteLength(whole) <= MOST_BYTES) return [whole];
  const sentences = segments(whole, language, 'sentence');
  const small = sentences.flatMap((sentence) =>
    Buffer.byteLength(sentence) <= MOST_BYTES ? [sentence] : segments(sentence, language, 'word'),
  );
  return joined(small);
}

function segments(text: string, language: string, granularity: 'sentence' | 'word'): string[] {
  return [...new Intl.Segmenter(language, { granularity }).segment(text)].map((part) => part.segment);
}

function joined(parts: string[]): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const part of parts) {
    if (piece !== '' && Buffer.byteLength(piece + part) > MOST_BYTES) {
      pieces.push(piece.trim());
      piece = '';
    }
    piece += part;
  }
  if (piece.trim() !== '') pieces.push(piece.trim());
  return pieces;
}
