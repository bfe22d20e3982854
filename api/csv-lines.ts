/** Lines of a CSV whose quotes do not pair: taken out before it is read, because a reader that meets one gives up on all rows behind it. */

export interface BrokenLine {
  /** As a spreadsheet numbers it; the header is 1. */
  row: number;
  reason: string;
}

export interface CheckedText {
  /** The same lines, the broken ones empty: every other keeps its number. */
  text: string;
  broken: BrokenLine[];
}

/** A cell of several lines; a quote that is left open would swallow thousands. */
const CELL_LINES_MAX = 50;
const IN_THE_MIDDLE = 'a quote stands within a value: put the whole value into quotes, and double those within it';
const LEFT_OPEN = 'a quote is opened and not closed';

/** [CG5] One stray quote costs one row. */
export function withoutBrokenLines(text: string, delimiter: string): CheckedText {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const broken: BrokenLine[] = [];
  let at = 0;
  while (at < lines.length) {
    const record = recordFrom(lines, at, delimiter);
    if ('reason' in record) {
      broken.push({ row: at + 1, reason: record.reason });
      lines[at] = /[\r\n]+$/.exec(lines[at] ?? '')?.[0] ?? '';
    }
    at += 'reason' in record ? 1 : record.lines;
  }
  return { text: broken.length === 0 ? text : lines.join(''), broken };
}

/** How many lines the record takes that begins at this one. */
function recordFrom(lines: readonly string[], at: number, delimiter: string): { lines: number } | { reason: string } {
  let state = 'before' as QuoteState;
  for (let count = 1; count <= CELL_LINES_MAX; count += 1) {
    const line = lines[at + count - 1];
    if (line === undefined) break;
    state = line.includes('"') || state === 'quoted' ? quotesIn(line, state, delimiter) : 'bare';
    if (state === 'broken') return { reason: IN_THE_MIDDLE };
    if (state !== 'quoted') return { lines: count };
  }
  return { reason: LEFT_OPEN };
}

/** `closed`: behind the quote that ends a value, where nothing but the next one may come. */
type QuoteState = 'before' | 'bare' | 'quoted' | 'closed' | 'broken';

function quotesIn(line: string, from: QuoteState, delimiter: string): QuoteState {
  let state = from;
  for (let at = 0; at < line.length && state !== 'broken'; at += 1) {
    const sign = line.charAt(at);
    if (state === 'quoted') {
      if (sign !== '"') continue;
      if (line.charAt(at + 1) === '"') at += 1;
      else state = 'closed';
    } else if (sign === delimiter) state = 'before';
    else if (sign === '"') state = state === 'before' ? 'quoted' : 'broken';
    else if (!/\s/.test(sign)) state = state === 'closed' ? 'broken' : 'bare';
  }
  return state;
}
