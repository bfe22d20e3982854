/** The api's way to the workflows, against a real Temporal server. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallDoor, OpenCallAsk } from '../../api/call-door.ts';
import { createTemporalCallDoor } from '../../api/temporal-call-door.ts';
import { temporalClient } from '../../api/temporal-client.ts';
import {
  asAttemptId,
  asCallId,
  asE164,
  asLegId,
  asNumberKey,
  CALLS_QUEUE,
  callWorkflowId,
  lineWorkflowId,
} from '../../domain/ids.ts';
import type { LegEvent } from '../../domain/leg.ts';
import { anyFreePort } from '../../local/ports.ts';
import { finish, type call, type line } from '../kit/door-workflows.ts';
import { localTemporal, type TemporalHandle } from '../kit/servers.ts';

let server: TemporalHandle;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let temporal: ReturnType<typeof temporalClient>;
let door: CallDoor;

beforeAll(async () => {
  server = await localTemporal();
  native = await NativeConnection.connect({ address: server.address });
  worker = await Worker.create({
    connection: native,
    taskQueue: CALLS_QUEUE,
    workflowsPath: path.join(import.meta.dirname, '../kit/door-workflows.ts'),
  });
  running = worker.run();
  temporal = temporalClient({ address: server.address, namespace: 'default' });
  door = createTemporalCallDoor(temporal);
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await native.close();
  await temporal.connection.close();
  await server.stop();
});

const anAsk = (changes: Partial<OpenCallAsk> = {}): OpenCallAsk => {
  const number = `+4477${String(Math.floor(10_000_000 + Math.random() * 89_999_999))}`;
  const callId = asCallId(randomUUID());
  return {
    numberKey: asNumberKey(number),
    customerNumber: asE164(number),
    request: {
      direction: 'outbound',
      proposedCallId: callId,
      botNumber: asE164('+447700900001'),
      initiate: {
        botCompany: 'C',
        botName: 'B',
        task: 'T',
        operatorNumber: null,
        claim: [],
        language: 'en-US',
        speechSpeed: 1,
        scenario: null,
      },
      leg: null,
      callback: null,
      resumeWithinMs: 0,
    },
    updateId: `api:${callId}`,
    withinMs: 10_000,
    ...changes,
  };
};
const anEvent = (eventKey: string): LegEvent => ({
  eventKey,
  legId: asLegId('leg-1'),
  conversationId: null,
  role: 'customer',
  status: 'answered',
  attemptId: null,
  atMs: 0,
  detail: null,
  regionUrl: null,
  durationS: null,
  priceEur: null,
});

test('[AP1] a call is opened on its line, and the same asking again is the same call', async () => {
  const ask = anAsk();
  const callId = ask.request.proposedCallId;
  expect(await door.openCall(ask)).toEqual({ outcome: 'new', callId });
  const other = { ...ask.request, proposedCallId: asCallId(randomUUID()) };
  expect(await door.openCall({ ...ask, request: other })).toEqual({ outcome: 'new', callId });
  expect((await door.callView(callId, 5_000)).document).toMatchObject({
    call_id: callId,
    phone_number: ask.customerNumber,
  });
});

test('[AP7] a call is told, asked and ended; what it refuses is told with its reason', async () => {
  const ask = anAsk();
  const callId = ask.request.proposedCallId;
  await door.openCall(ask);
  expect(await door.legChanged(callId, anEvent('one'))).toBe('told');
  expect(await door.lineLegChanged(ask.numberKey, anEvent('two'))).toBe('told');
  const admission = (legId: string) => ({
    attemptId: asAttemptId('a'),
    leg: { legId: asLegId(legId), regionUrl: null, conversationId: 'c' },
  });
  expect(await door.admitLeg(callId, admission('first'), 5_000)).toMatchObject({ admitted: true });
  expect(await door.admitLeg(callId, admission('second'), 5_000)).toMatchObject({ admitted: false });
  expect(await door.say(callId, 'hello')).toEqual({ turnId: 'said-1' });
  await expect(door.say(callId, 'forbidden')).rejects.toMatchObject({
    kind: 'refused',
    message: 'not while an operator has the line',
  });
  await door.hangUp(callId, 'test');
  expect(await temporal.client.workflow.getHandle<typeof call>(callWorkflowId(callId)).result()).toEqual([
    anEvent('one'),
  ]);
  const thread = temporal.client.workflow.getHandle<typeof line>(lineWorkflowId(ask.numberKey));
  await thread.signal(finish);
  expect(await thread.result()).toEqual([anEvent('two')]);
  expect(await door.legChanged(callId, anEvent('late'))).toBe('not_found');
  await expect(door.say(callId, 'hello')).rejects.toMatchObject({ kind: 'not_found' });
  await expect(door.admitLeg(callId, admission('third'), 5_000)).rejects.toMatchObject({ kind: 'not_found' });
});

test('[AP7] what never was is not found', async () => {
  expect(await door.legChanged(asCallId('nobody'), anEvent('one'))).toBe('not_found');
  await expect(door.callView(asCallId('nobody'), 5_000)).rejects.toMatchObject({ kind: 'not_found' });
});

test('[AP5] a server that is not there is away within the time given, and found when it comes', async () => {
  const port = await anyFreePort();
  const early = temporalClient({ address: `127.0.0.1:${String(port)}`, namespace: 'default' });
  const waiting = createTemporalCallDoor(early);
  await expect(waiting.openCall(anAsk({ withinMs: 700 }))).rejects.toMatchObject({ kind: 'away' });
  await expect(waiting.ping(300)).rejects.toMatchObject({ kind: 'away' });
  await expect(waiting.legChanged(asCallId('any'), anEvent('one'))).rejects.toMatchObject({ kind: 'away' });
  await using late = await localTemporal({ port });
  await expect
    .poll(
      () =>
        waiting.ping(1_000).then(
          () => late.port,
          () => null,
        ),
      { timeout: 30_000 },
    )
    .toBe(port);
  await early.connection.close();
});
