import type { Intents } from '../../providers/intents.ts';

export function intentsInMemory(): Intents & { open: () => string[] } {
  const done = new Map<string, boolean>();
  return {
    async begin(key) {
      const standing = done.get(key);
      if (standing !== undefined) return standing ? 'done' : 'open';
      done.set(key, false);
      return 'begun';
    },
    async finish(key) {
      done.set(key, true);
    },
    async withdraw(key) {
      done.delete(key);
    },
    open: () => [...done].flatMap(([key, isDone]) => (isDone ? [] : [key])),
  };
}
