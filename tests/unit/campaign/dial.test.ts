import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createDialActivities, type DialInput } from '../../../activities/dial.ts';
import { asAttemptId, asCallId, asE164, asLegId } from '../../../domain/ids.ts';
import type { DialRequest, Telephony } from '../../../providers/telephony.ts';

const NUMBER = asE164('+447700900123');

function network(about: { optedOut?: boolean | 'away'; grants?: (number | null | 'away')[] } = {}) {
  const rung: DialRequest[] = [];
  const asked: number[] = [];
  const telephony = {
    dial: (request: DialRequest) => {
      rung.push(request);
      return Promise.resolve({ legId: asLegId('leg'), conversationId: null, status: 'started', startedAtMs: 0 });
    },
  } as unknown as Telephony;
  const { dial } = createDialActivities({
    telephony,
    publicUrl: 'http://127.0.0.1',
    allowedPrefixes: ['+'],
    optOuts: {
      isOptedOut: () =>
        about.optedOut === 'away' ? Promise.reject(new Error('away')) : Promise.resolve(about.optedOut === true),
    },
    creations: {
      take: ({ creations }) => {
        asked.push(creations);
        const granted = about.grants?.shift() ?? null;
        return granted === 'away' ? Promise.reject(new Error('away')) : Promise.resolve(granted);
      },
    },
  });
  return { dial, rung, asked };
}

const input: DialInput = {
  callId: asCallId('call'),
  attemptId: asAttemptId('attempt'),
  to: NUMBER,
  from: asE164('+447700900001'),
  ringTimeoutS: 30,
};
const forCampaign: DialInput = { ...input, campaign: { detectMachine: true } };
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

const promised: DialInput = { ...input, promised: true };

test.each([
  ['a campaign’s', forCampaign],
  ['a promised', promised],
  ['any other', input],
])('[OO2] a wish that came after it was begun is heeded by %s dial: nobody is rung', async (_, asked) => {
  const { dial, rung } = network({ optedOut: true, grants: [0] });
  expect(await failureOf(dial(asked))).toMatchObject({ type: 'opted_out', nonRetryable: true });
  expect(rung).toEqual([]);
});

test.each([
  ['a campaign', forCampaign],
  ['a call that somebody orders', input],
])('[OO2] while the wishes cannot be looked up %s waits, and that nobody was rung is in no doubt', async (_, asked) => {
  const { dial, rung } = network({ optedOut: 'away', grants: [0] });
  const failure = await failureOf(dial(asked));
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'rate_limit', details: [{ retryAfterMs: 2_000 }] });
  expect(rung).toEqual([]);
});

test('[CB30] a promised dial listens for machines, one that somebody orders does not', async () => {
  const { dial, rung } = network({ grants: [0, 0] });
  await dial(promised);
  await dial(input);
  expect(rung).toMatchObject([{ detectMachine: true }, { detectMachine: false }]);
});

test('[OO2] while they cannot be looked up who was promised a call gets it', async () => {
  const { dial, rung } = network({ optedOut: 'away', grants: [0] });
  await dial(promised);
  expect(rung).toHaveLength(1);
});

test('[AD1] [PA1] a campaign’s dial listens for machines, and was granted its legs before', async () => {
  const { dial, rung, asked } = network();
  await dial(forCampaign);
  expect(rung).toMatchObject([{ to: NUMBER, detectMachine: true }]);
  expect(asked).toEqual([]);
});

test('[PA2] [PA4] any other dial is granted two legs; without them it waits, without a ledger it goes ahead', async () => {
  const { dial, rung, asked } = network({ grants: [0, null, 'away'] });
  await dial(input);
  expect(await failureOf(dial(input))).toMatchObject({ type: 'rate_limit', details: [{ legs: 'refused' }] });
  await dial(input);
  expect(rung).toHaveLength(2);
  expect(asked).toEqual([2, 2, 2]);
});

test('[PA4] legs that are granted for later are this call’s: it is told when, and does not ask again', async () => {
  const { dial, rung, asked } = network({ grants: [9_000] });
  expect(await failureOf(dial(promised))).toMatchObject({
    type: 'rate_limit',
    details: [{ legs: 'granted', retryAfterMs: 9_000 }],
  });
  expect(rung).toEqual([]);
  await dial({ ...promised, granted: true });
  expect(rung).toHaveLength(1);
  expect(asked).toHaveLength(1);
});
