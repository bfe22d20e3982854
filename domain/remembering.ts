/** Pure answers, kept. */

/** As many as are asked about at a time: a hundred calls, a few questions each. Beyond it all begin anew. */
const MOST_REMEMBERED = 500;

/** For answers that are asked for at every beat of every call, while the question changes with a word. `key`: equal for equal arguments. */
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

/** For what costs something to make and is asked for by one of a few keys. */
export function madeOnce<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}
