/** All legs of one process. */
import { sentencesOf } from '../domain/sentences.ts';
import type { CallId, ConnectId } from '../domain/ids.ts';
import type { MediaToken } from '../providers/media-token.ts';
import type { PrepareGreetingInput } from '../workflows/call/messages.ts';
import type { Provisional } from './call-link.ts';
import type { Equipment } from './equipment.ts';
import { Session, type LegSocket } from './session.ts';
import type { Manner } from './speech.ts';

/** Greetings whose call was never answered. */
const MOST_PREPARED = 500;

export class MediaHost {
  readonly equipment: Equipment;
  readonly #sessions = new Map<ConnectId, Session>();
  readonly #prepared = new Map<string, { text: string; manner: Manner }>();
  /** Tokens spent here, until they expire. */
  readonly #spent = new Map<ConnectId, number>();
  #draining = false;

  constructor(equipment: Equipment) {
    this.equipment = equipment;
  }

  get liveCalls(): number {
    return this.#sessions.size;
  }

  get draining(): boolean {
    return this.#draining;
  }

  session(connectId: ConnectId): Session | null {
    return this.#sessions.get(connectId) ?? null;
  }

  /** False = this token has opened a socket before. */
  spend(token: MediaToken, nowMs: number): boolean {
    for (const [connectId, expMs] of this.#spent) if (expMs < nowMs) this.#spent.delete(connectId);
    if (this.#spent.has(token.connectId)) return false;
    this.#spent.set(token.connectId, token.expMs);
    return true;
  }

  begin(who: { callId: CallId; connectId: ConnectId; provisional: Provisional | null }, socket: LegSocket): Session {
    // The network has connected this call anew: whatever socket it had is dead, though the wire may not have told us yet.
    for (const older of this.#sessions.values()) if (older.callId === who.callId) older.close('fault');
    const prepared = this.#prepared.get(who.callId) ?? null;
    this.#prepared.delete(who.callId);
    const session = new Session({ ...who, prepared }, socket, this.equipment);
    this.#sessions.set(who.connectId, session);
    void session.ended.then((end) => {
      this.#sessions.delete(who.connectId);
      this.equipment.log.info({ callId: session.callId, connectId: who.connectId, end }, 'leg ended');
    });
    return session;
  }

  /** Synthesised now, spoken when the leg comes. Kept for one call where its id is known, as sound in any case. */
  async prepare(greeting: Omit<PrepareGreetingInput, 'callId'> & { callId: CallId | null }): Promise<void> {
    const manner: Manner = { language: greeting.language, speed: greeting.speechSpeed };
    if (greeting.callId !== null) this.#prepared.set(greeting.callId, { text: greeting.text, manner });
    for (const oldest of this.#prepared.keys()) {
      if (this.#prepared.size <= MOST_PREPARED) break;
      this.#prepared.delete(oldest);
    }
    await Promise.all(
      sentencesOf(greeting.text, greeting.language).map((text) => this.equipment.voice.prepare({ text, ...manner })),
    );
  }

  /** Takes no new legs from now on; resolves when the live ones have ended or the time is over. */
  async drain(withinMs: number): Promise<void> {
    this.#draining = true;
    const all = Promise.all([...this.#sessions.values()].map((session) => session.ended));
    const timeIsOver = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([all, timeIsOver]);
    for (const session of this.#sessions.values()) session.close('drained');
  }
}
