/** What this process knows of the calls that passed through it: enough for a reply while everybody else is away. */
import type { CallDocument } from '../domain/call-document.ts';
import { asCallId, type CallId } from '../domain/ids.ts';
import type { BotMeeting } from '../providers/bot-meeting.ts';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';

export type CallFacts = Pick<BotMeeting, 'botNumber' | 'language'>;

const MOST = 10_000;
/** The reply to a lost socket is waited for by somebody in silence. */
const READ_MS = 150;

export class CallFactsBook {
  readonly #facts = new Map<CallId, CallFacts>();
  readonly #ports: Pick<ApiPorts, 'store' | 'settings' | 'log'>;

  constructor(ports: Pick<ApiPorts, 'store' | 'settings' | 'log'>) {
    this.#ports = ports;
  }

  note(callId: CallId, facts: CallFacts): void {
    this.#facts.delete(callId);
    this.#facts.set(callId, facts);
    const [oldest] = this.#facts.keys();
    if (this.#facts.size > MOST && oldest !== undefined) this.#facts.delete(oldest);
  }

  noteDocument(document: CallDocument): void {
    this.note(asCallId(document.call_id), { botNumber: document.bot_phone_number, language: document.lang });
  }

  /** From memory, else the store at a glance, else the defaults: a reply goes out in any case. */
  async of(callId: CallId, ours: string | null): Promise<CallFacts> {
    const known = this.#facts.get(callId) ?? (await this.#read(callId));
    const { botNumber, defaults } = this.#ports.settings;
    return known ?? { botNumber: ours ?? botNumber, language: defaults.language };
  }

  async #read(callId: CallId): Promise<CallFacts | null> {
    try {
      const document = await inTime('store', READ_MS, this.#ports.store.findCall(callId));
      if (document === null) return null;
      this.noteDocument(document);
      return this.#facts.get(callId) ?? null;
    } catch (error) {
      this.#ports.log.debug({ err: error, callId }, 'call not read; replying with the defaults');
      return null;
    }
  }
}
