/** The first words on a leg: what the call has for it, or before the call can be asked what lies ready here. */
import type { HeardReport, Opening } from '../domain/conversation.ts';
import { asTurnId, type ConnectId, type TurnId } from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import { phrase } from '../domain/phrases.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Memory } from './memory.ts';

/** Of a call that could not be asked for its own. */
export function greetingOf({ botCompany, botName, language }: Initiate): string {
  return phrase('greeting', language, { variables: { company: botCompany, botName } });
}

export class OpeningWords {
  readonly #kit: { connectId: ConnectId; log: Logger; say: (text: string, turnId: string) => void };
  /** Spoken before the call could be asked. */
  #alone: { turnId: TurnId; text: string } | null = null;
  /** The turn that the call takes it for. */
  #aloneIs: string | null = null;

  constructor(kit: { connectId: ConnectId; log: Logger; say: (text: string, turnId: string) => void }) {
    this.#kit = kit;
  }

  get alone(): { turnId: string; text: string } | null {
    return this.#alone;
  }

  /** The greeting waits for nobody. */
  sayAlone(text: string): void {
    this.#alone = { turnId: asTurnId(`alone:${this.#kit.connectId}`), text };
    this.#kit.log.info('greeting without the call');
    this.#kit.say(text, this.#alone.turnId);
  }

  say(opening: Opening, memory: Memory): void {
    if (this.#alone !== null) {
      if (opening.kind !== 'none') this.#aloneIs = opening.turnId;
      memory.noteOpening({ turnId: this.#aloneIs ?? this.#alone.turnId, text: this.#alone.text, atMs: Date.now() });
    } else if (opening.kind !== 'none') {
      memory.noteOpening({ turnId: opening.turnId, text: opening.text, atMs: Date.now() });
      this.#kit.say(opening.text, opening.turnId);
    }
  }

  /** Under the name by which the call knows it. */
  named(report: HeardReport): HeardReport {
    return report.turnId === this.#alone?.turnId ? { ...report, turnId: this.#aloneIs ?? report.turnId } : report;
  }
}
