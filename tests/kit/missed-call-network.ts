/** The search for missed calls in a house of tests: what the network lists is the test's. */
import { pino } from 'pino';
import { createMissedCallActivities } from '../../activities/missed-calls.ts';
import { asNumberKey } from '../../domain/ids.ts';
import type { InboundLeg } from '../../domain/missed-calls.ts';
import { BOT, CUSTOMER, INITIATE, type House } from '../workflow/house.ts';

export interface MissedCallNetwork {
  listed: InboundLeg[];
  recorded: { id: string; missed: boolean; legs: string[] }[];
}

export const missedCallNetwork = (): MissedCallNetwork => ({ listed: [], recorded: [] });

export const missedCallActivities =
  ({ listed, recorded }: MissedCallNetwork) =>
  (house: House) =>
    createMissedCallActivities({
      client: { workflow: house.client },
      telephony: { listInbound: ({ sinceMs }) => Promise.resolve(listed.filter((leg) => leg.startedAtMs >= sinceMs)) },
      store: {
        saveCall: ({ call_id, missed, legs }) => {
          recorded.push({ id: call_id, missed, legs: legs.map(({ leg_id }) => leg_id) });
          return Promise.resolve();
        },
        hasLeg: (legId) =>
          Promise.resolve(
            [...house.world.calls.values()].some(({ legs }) => legs.some(({ leg_id }) => leg_id === legId)),
          ),
      },
      numberKey: (number) => (number === CUSTOMER ? house.key : asNumberKey(number)),
      initiateOf: (number) => (number === BOT ? INITIATE : null),
      resumeWithinMs: () => 3 * 3_600_000,
      allowedPrefixes: ['+1555'],
      nowMs: Date.now,
      log: pino({ level: 'silent' }),
    });
