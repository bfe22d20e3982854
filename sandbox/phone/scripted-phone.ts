/** A handset played by a script: rings, answers or not, and then says what is written. */
import type { Logger } from 'pino';
import type { Faults } from './faults.ts';
import type { Handset, Refusal, Ringing } from './handset.ts';
import { PhoneCall, type Registers } from './phone-call.ts';
import type { Script } from './script.ts';
import { runScript } from './script-runner.ts';

const REFUSALS: Partial<Record<Script['pickup'], Refusal>> = {
  busy: 'busy',
  rejects: 'rejected',
  unreachable: 'unreachable',
  'out of service': 'out of service',
};

export interface ScriptedPhoneDeps {
  registers: Registers;
  faults: Faults;
  log: Logger;
  onCall: (call: PhoneCall) => void;
}

export class ScriptedPhone implements Handset {
  readonly script: Script;
  readonly machine: boolean;
  readonly #deps: ScriptedPhoneDeps;

  constructor(script: Script, deps: ScriptedPhoneDeps) {
    this.script = script;
    this.machine = script.pickup === 'voicemail';
    this.#deps = deps;
  }

  ring(ringing: Ringing): void {
    const { pickup, ringMs } = this.script;
    if (pickup === 'no answer') return;
    const decide = setTimeout(() => {
      const refusal = REFUSALS[pickup];
      if (refusal === undefined) this.#answer(ringing);
      else ringing.refuse(refusal);
    }, ringMs);
    ringing.over.addEventListener('abort', () => {
      clearTimeout(decide);
    });
  }

  /** A call that this phone makes itself: the network answers it in its time. */
  dial(number: string, botNumber: string): PhoneCall {
    const call = this.#call(number, botNumber, 'outbound');
    this.#deps.onCall(call);
    return call;
  }

  play(call: PhoneCall): void {
    runScript(call, this.script).catch((error: unknown) => {
      call.fail(`script failed: ${error instanceof Error ? error.message : String(error)}`);
      call.hangUp();
    });
  }

  #answer(ringing: Ringing): void {
    const call = this.#call(ringing.to, ringing.from, 'inbound');
    this.#deps.onCall(call);
    call.answered(ringing.answer(call));
    this.play(call);
  }

  #call(number: string, other: string, direction: 'inbound' | 'outbound'): PhoneCall {
    const { language, voice, echo } = this.script;
    const settings = {
      number,
      language,
      ...(voice === undefined ? {} : { voice }),
      ...(echo === undefined ? {} : { echo }),
    };
    const { registers, faults, log } = this.#deps;
    return new PhoneCall({ settings, other, direction, keepsSound: faults.keepSound }, registers, log);
  }
}
