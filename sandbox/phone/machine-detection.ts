/** Person or machine: what the number's handset is, told after the moment that a detection takes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Leg } from './leg.ts';
import type { MachineDetection, PhoneNetwork } from './network.ts';

/** Vonage's detection listens for a moment before it decides. */
const DETECTION_MS = 1_500;

/** The free form and the chargeable one, which overrides it; its default mode is the synchronous `detect`. */
export function detectionAsked(simple: unknown, advanced: unknown): MachineDetection | undefined {
  if (typeof advanced === 'object' && advanced !== null) {
    const { behavior, mode } = advanced as { behavior?: unknown; mode?: unknown };
    return { hangUpOnMachine: behavior === 'hangup', waits: mode !== 'default', onlyBeep: mode === 'detect_beep' };
  }
  return simple === undefined ? undefined : { hangUpOnMachine: simple === 'hangup', waits: false, onlyBeep: false };
}

export async function detectMachine(network: PhoneNetwork, leg: Leg, detection: MachineDetection): Promise<void> {
  await pause(DETECTION_MS);
  if (leg.over) return;
  const machine = network.machineAt(leg.about.to);
  const { from, to, direction } = leg.about;
  const event = { call_uuid: leg.uuid, conversation_uuid: leg.conversationUuid, from, to, direction };
  if (!detection.onlyBeep)
    void leg.tell({ ...event, timestamp: new Date().toISOString(), status: machine ? 'machine' : 'human' });
  if (machine)
    void leg.tell({ ...event, timestamp: new Date().toISOString(), status: 'machine', sub_state: 'beep_start' });
  if (machine && detection.hangUpOnMachine) await leg.end({ by: 'platform', sipCode: '200' });
}
