/** Customers ring in in the very moment in which we dial them. */
import { expect } from 'vitest';
import { definePhone } from './customers.ts';
import { callsOf, phoneCalls, ringIn } from './phones.ts';
import { until, type RunningSystem } from './system.ts';

const WITHIN_MS = 90_000;
const talks = { steps: [{ waitsForSilenceMs: 600 }, { says: 'My washing machine is broken' }, { converses: 120 }] };

/** Each talks in one conversation with one leg, the one they began; nobody is lost. */
export async function raceOn(system: RunningSystem, numbers: readonly string[]): Promise<void> {
  await Promise.all(
    numbers.map((number) => definePhone(system, number, { ringMs: 90_000, steps: [{ converses: 60 }] })),
  );
  await Promise.all(
    numbers.map(async (number) => {
      const dialled = system.api('/call', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phone_number: number }),
      });
      await Promise.all([dialled, ringIn(system, { from: number, script: talks })]);
      expect([201, 409]).toContain((await dialled).status);
    }),
  );
  for (const number of numbers) {
    const calls = await until('one leg alone', () => phoneCalls(system, number), {
      ready: (each) =>
        each.filter(({ state }) => state === 'live').length === 1 && each.every(({ state }) => state !== 'ringing'),
      withinMs: WITHIN_MS,
    });
    const live = calls.find(({ state }) => state === 'live');
    // As the phone sees it: its own call is the one that stands.
    expect(live?.direction).toBe('outbound');
    await until('an answer', async () => (await callsOf(system, number))[0], {
      ready: (call) =>
        call !== undefined && call.messages.some(({ persona, content }) => persona === 'human' && content !== ''),
      withinMs: WITHIN_MS,
    });
    expect(await callsOf(system, number)).toHaveLength(1);
    await system.sandbox(`/control/calls/${live?.id ?? ''}/hangup`, { method: 'POST', body: '{}' });
  }
}
