/** For pure answers that are asked for at every beat of every call, while the question changes with a word. */

/** As many as are asked about at a time: a hundred calls, a few questions each. Beyond it all begin anew. */
const MOST_REMEMBERED = 500;

/** `key`: equal for equal arguments. */
export function remembering<Given extends unknown[], Answer>(
  answer: (...given: Given) => Answer,
): (key: string, ...given: Given) => Answer {
  const known = new Map<string, Answer>();
  return (key, ...given) => {
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const fresh = answer(...given);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(key, fresh);
    return fresh;
  };
}
