/** The flags in force, re-read from the store every 20 s; while the store is away the last known ones stay. */
import { defaultFlags, flagsFrom, type FlagValues } from '../domain/flags.ts';
import type { FlagStore } from './store.ts';

const REREAD_MS = 20_000;

export interface FlagReader {
  current(): FlagValues;
  /** Reads now; rejects when the store is away. */
  refresh(): Promise<FlagValues>;
  stop(): void;
}

export function createFlagReader(store: FlagStore, onError: (error: unknown) => void): FlagReader {
  let values = defaultFlags();
  const refresh = async (): Promise<FlagValues> => {
    values = flagsFrom(await store.readFlags());
    return values;
  };
  const timer = setInterval(() => void refresh().catch(onError), REREAD_MS);
  timer.unref();
  void refresh().catch(onError);
  return { current: () => values, refresh, stop: () => clearInterval(timer) };
}
