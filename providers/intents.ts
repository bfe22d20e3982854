/** Port: what is about to be done once, for effects whose vendor knows no repeat. Written before, settled after. */
export interface Intents {
  /** `begun`: it is ours to do now; `open`: somebody began it and nobody knows what came of it; `done`: it has happened. */
  begin(key: string): Promise<'begun' | 'open' | 'done'>;
  finish(key: string): Promise<void>;
  /** Surely not done: it may be begun again. */
  withdraw(key: string): Promise<void>;
}
