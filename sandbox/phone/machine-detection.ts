/** Person or machine: what the number's handset is, told after the moment that a detection takes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Leg } from './leg.ts';
import type { MachineDetection, PhoneNetwork } from './network.ts';

/** Vonage's detection listens for a moment before it decides. */
const DETECTION_MS = 1_500;
/** Silence of the machine that counts as the end of its greeting. */
const GREETING_GAP_MS = 500;
const LOOK_MS = 50;
/** The network's own when none is asked for. */
const BEEP_TIMEOUT_S = 45;

/** The free form and the chargeable one, which overrides it; its default mode is the synchronous `detect`. */
export function detectionAsked(simple: unknown, advanced: unknown): MachineDetection | undefined {
  if (typeof advanced === 'object' && advanced !== null) {
    const { behavior, mode, beep_timeout } = advanced as { behavior?: unknown; mode?: unknown; beep_timeout?: unknown };
    return {
      hangUpOnMachine: behavior === 'hangup',
      waits: mode !== 'default',
      onlyBeep: mode === 'detect_beep',
      beepTimeoutS: typeof beep_timeout === 'number' ? beep_timeout : BEEP_TIMEOUT_S,
    };
  }
  return simple === undefined
    ? undefined
    : { hangUpOnMachine: simple === 'hangup', waits: false, onlyBeep: false, beepTimeoutS: BEEP_TIMEOUT_S };
}

export async function detectMachine(network: PhoneNetwork, leg: Leg, detection: MachineDetection): Promise<void> {
  await pause(DETECTION_MS);
  if (leg.over) return;
  const machine = network.machineAt(leg.about.to);
  const { from, to, direction } = leg.about;
  const event = { call_uuid: leg.uuid, conversation_uuid: leg.conversationUuid, from, to, direction };
  if (!detection.onlyBeep)
    void leg.tell({ ...event, timestamp: new Date().toISOString(), status: machine ? 'machine' : 'human' });
  if (!machine) return;
  if (detection.hangUpOnMachine) {
    await leg.end({ by: 'platform', sipCode: '200' });
    return;
  }
  const beep = await greetingIsOver(network, leg, detection.beepTimeoutS * 1_000);
  if (beep === null) return;
  const sub_state = beep ? 'beep_start' : 'beep_timeout';
  void leg.tell({ ...event, timestamp: new Date().toISOString(), status: 'machine', sub_state });
}

/** The machine beeps once it has said its piece. False = it went on for too long, null = the leg has ended. */
async function greetingIsOver(network: PhoneNetwork, leg: Leg, withinMs: number): Promise<boolean | null> {
  const call = [...network.calls.values()].find((each) => each.line?.legUuid === leg.uuid);
  const untilMs = performance.now() + withinMs;
  for (let silentMs = 0; silentMs < GREETING_GAP_MS; silentMs = call?.speaking === true ? 0 : silentMs + LOOK_MS) {
    if (leg.over) return null;
    if (performance.now() > untilMs) return false;
    await pause(LOOK_MS);
  }
  return leg.over ? null : true;
}
