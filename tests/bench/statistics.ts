/** Figures of samples. Pure. */

export interface Summary {
  n: number;
  p50: number | null;
  p95: number | null;
  max: number | null;
}

/** [QT9] The nearest rank: a value that was measured, none between two. */
export function percentile(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export function summary(samples: readonly number[]): Summary {
  const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);
  return {
    n: samples.length,
    p50: rounded(percentile(samples, 0.5)),
    p95: rounded(percentile(samples, 0.95)),
    max: rounded(samples.length === 0 ? null : Math.max(...samples)),
  };
}

/** Numbers that look like chance and are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** [QT13] The largest whole number for which it holds, by doubling from `from` and then halving the doubt. */
export async function largest(
  holds: (value: number) => Promise<boolean>,
  bounds: { from: number; most: number; toWithin: number },
): Promise<number> {
  let good = 0;
  let next = bounds.from;
  while (next <= bounds.most && (await holds(next))) {
    good = next;
    next = next === bounds.most ? bounds.most + 1 : Math.min(bounds.most, next * 2);
  }
  let bad = next;
  while (bad - good > bounds.toWithin) {
    const middle = Math.floor((good + bad) / 2);
    if (middle === good) break;
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
