/** A running house for workflow tests: server, workers for calls, insights and media hosts, and a customer who calls. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createLineActivities } from '../../activities/lines.ts';
import { claimSchema } from '../../domain/claim.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.ts';
import {
  asAttemptId,
  asCallbackId,
  asCallId,
  asConnectId,
  asE164,
  asHostId,
  asLegId,
  asNumberKey,
  asTurnId,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
  INSIGHTS_QUEUE,
  lineWorkflowId,
  mediaQueue,
  type AttemptId,
  type CallId,
  type LegId,
  type NumberKey,
} from '../../domain/ids.ts';
import type { Initiate } from '../../domain/initiate.ts';
import type { LegEvent, LegRole, LegStatus } from '../../domain/leg.ts';
import { leanTurn } from '../../domain/turn-wire.ts';
import {
  admitLeg,
  attachMedia,
  callView,
  legChanged,
  takeTurn,
  type MediaSeed,
  type TurnRequest,
} from '../../workflows/call/messages.ts';
import {
  lineLegChanged,
  lineView,
  openCall,
  type LineView,
  type OpenCallOutcome,
  type OpenCallRequest,
} from '../../workflows/line/messages.ts';
import type { line } from '../../workflows/line/workflow.ts';
import { timeSkippingEnvironment } from '../kit/servers.ts';
import { workflowBundle } from '../kit/workflow-bundle.ts';
import {
  callActivities,
  createFakeWorld,
  FakeHost,
  insightActivities,
  optOutActivities,
  type FakeWorld,
} from '../kit/fake-activities.ts';

export const CUSTOMER = asE164('+15550100001');
export const BOT = asE164('+15550100999');
export const INITIATE: Initiate = {
  botCompany: 'Contoso',
  botName: 'Amelie',
  task: 'Help with orders',
  operatorNumber: '+15550100500',
  claim: claimSchema([{ name: 'order_number', type: 'text', description: null }]),
  language: 'en-US',
  speechSpeed: 1,
  scenario: null,
};

let quiet = false;
export function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({ logger: new DefaultLogger(process.env['WORKFLOW_LOG'] === undefined ? 'WARN' : 'INFO') });
}

const INDEXED_AS_KEYWORD = 2;
const INDEXED_AS_DATETIME = 6;

/** A real server gets them at its start. */
async function registerSearchAttributes(env: TestWorkflowEnvironment): Promise<void> {
  const searchAttributes = Object.fromEntries(
    Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [
      name,
      type === 'Keyword' ? INDEXED_AS_KEYWORD : INDEXED_AS_DATETIME,
    ]),
  );
  await env.connection.operatorService.addSearchAttributes({ searchAttributes, namespace: env.namespace ?? 'default' });
}

/**
 * What this server (1.38.0) forgets: an update that it has not answered after ten seconds, which the client asks for again
 * with the start that began it (a NullPointerException in executeMultiOperation), and one that reaches a run as that goes
 * on in the next. Asked anew they are answered; whatever is asked here is known again by its id.
 */
const ASKS = 4;
const ANSWERS_WITHIN_MS = 12_000;

async function askedAnew<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let times = 1; ; times += 1) {
    try {
      return await ask();
    } catch (error) {
      const unanswered = error instanceof ServiceError || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
      if (times === ASKS || !unanswered) throw error;
    }
  }
}

/** The SDK gives the server five seconds to come up, which a busy machine may need twice. */
const STARTS = 3;

export async function jumpingClock(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  for (let start = 1; ; start += 1) {
    try {
      const env = await timeSkippingEnvironment();
      await registerSearchAttributes(env);
      return env;
    } catch (error) {
      if (start === STARTS) throw error;
    }
  }
}

/** What is not at rest by then waits for a later hour of this server's clock, as a try that is to be made again does. */
const AT_REST_WITHIN_MS = 2_000;

async function openWorkflows(env: TestWorkflowEnvironment): Promise<string[]> {
  const namespace = env.namespace ?? 'default';
  const { executions } = await env.connection.workflowService.listOpenWorkflowExecutions({ namespace });
  return executions.flatMap(({ execution }) => execution?.workflowId ?? []);
}

const NAP_MS = 1_500;
const JUMPS_WITHIN_MS = 750;

/** Whether the server's clock still jumps: at times it stands still for good after a workflow that was cut off at work. */
export async function clockJumps(env: TestWorkflowEnvironment): Promise<boolean> {
  const begunAtMs = performance.now();
  await env.sleep(NAP_MS);
  return performance.now() - begunAtMs < JUMPS_WITHIN_MS;
}

export class House implements AsyncDisposable {
  readonly env: TestWorkflowEnvironment;
  readonly world: FakeWorld = createFakeWorld();
  readonly hosts = new Map<string, FakeHost>();
  key = newKey();
  #calls: () => Promise<Worker> = () => Promise.reject(new Error('the house is not open yet'));
  readonly #opened = new Set<string>();
  readonly #running: { worker: Worker; end: Promise<void> }[] = [];

  private constructor(env: TestWorkflowEnvironment) {
    this.env = env;
  }

  /** `instead`: activities of the test's own in the place of those in memory. */
  static async open(
    env: TestWorkflowEnvironment,
    maxCachedWorkflows = 100,
    instead: (house: House) => object = () => ({}),
  ): Promise<House> {
    const house = new House(env);
    house.#calls = async () =>
      await house.#run(
        CALLS_QUEUE,
        {
          ...callActivities(house.world),
          ...createLineActivities({ client: env.client }),
          ...optOutActivities(house.world, env.client),
          ...instead(house),
        },
        maxCachedWorkflows,
      );
    await house.#calls();
    await Promise.all([house.#run(INSIGHTS_QUEUE, insightActivities(house.world)), house.host('h1'), house.host('h2')]);
    return house;
  }

  /** Another customer in another world; whatever the one before has left is ended, or it fails. Workers stay, since to stop one takes seconds. */
  async fresh(rules: Partial<FakeWorld['rules']> = {}): Promise<void> {
    for (const host of this.hosts.values()) host.reset();
    this.world.storeAway = false;
    const callbacks = [...this.world.callbacks.keys()].map((id) => callbackWorkflowId(asCallbackId(id)));
    // A promised call opens itself; left on the line it would look for its customer for as long as the clock runs.
    const dialled = this.world.dialled.map(({ callId }) => callWorkflowId(callId));
    const known = [...this.#opened, ...callbacks, ...dialled];
    await Promise.all([...new Set([...known, ...(await openWorkflows(this.env))])].map((id) => this.#end(id)));
    this.#opened.clear();
    Object.assign(this.world, createFakeWorld(rules));
    this.key = newKey();
  }

  /** The server's clock stands still for good after the death of a workflow that has an activity at work. */
  async #end(workflowId: string): Promise<void> {
    const handle = this.client.getHandle(workflowId);
    await untilTrue(async () => {
      const { status, raw } = await handle.describe();
      return status.name !== 'RUNNING' || (raw.pendingActivities ?? []).length === 0;
    }, AT_REST_WITHIN_MS);
    await handle.terminate('the test is over').catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  }

  async #run(taskQueue: string, activities: object, maxCachedWorkflows?: number): Promise<Worker> {
    // A connection of its own: two workers of one queue cannot share one.
    const connection = await NativeConnection.connect({ address: this.env.address });
    const worker = await Worker.create({
      connection,
      taskQueue,
      activities,
      shutdownForceTime: '2s',
      ...(maxCachedWorkflows === undefined ? {} : { workflowBundle: await workflowBundle(), maxCachedWorkflows }),
    });
    this.#running.push({ worker, end: worker.run().finally(() => connection.close()) });
    return worker;
  }

  /** Another worker of calls takes over while the one before finishes what it has begun, and with it all that it has in memory. */
  async restartCalls(): Promise<void> {
    const before = this.#running.filter(
      ({ worker }) => worker.options.taskQueue === CALLS_QUEUE && worker.getState() === 'RUNNING',
    );
    await this.#calls();
    for (const { worker } of before) worker.shutdown();
    await Promise.all(before.map(({ end }) => end));
  }

  async host(name: string): Promise<FakeHost> {
    const standing = this.hosts.get(name);
    if (standing !== undefined) return standing;
    const host = new FakeHost();
    this.hosts.set(name, host);
    await this.#run(mediaQueue(asHostId(name)), host.activities);
    return host;
  }

  get client() {
    return this.env.client.workflow;
  }

  /** To be ended when the test is over. */
  remember(workflowId: string): void {
    this.#opened.add(workflowId);
  }

  /** Opened by a promise. */
  rememberLine(): void {
    this.remember(lineWorkflowId(this.key));
  }

  async lineView(): Promise<LineView> {
    return await this.client.getHandle(lineWorkflowId(this.key)).query(lineView);
  }

  call(callId: CallId) {
    return this.client.getHandle(callWorkflowId(callId));
  }

  async view(callId: CallId) {
    return await this.call(callId).query(callView);
  }

  async openCall(request: OpenCallRequest, updateId: string = randomUUID()): Promise<OpenCallOutcome> {
    return await this.openCallOf(this.key, request, updateId);
  }

  async openCallOf(
    numberKey: NumberKey,
    request: OpenCallRequest,
    updateId: string = randomUUID(),
  ): Promise<OpenCallOutcome> {
    this.remember(lineWorkflowId(numberKey));
    return await askedAnew(async () => {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof line>('line', {
        workflowId: lineWorkflowId(numberKey),
        taskQueue: CALLS_QUEUE,
        args: [{ numberKey, customerNumber: CUSTOMER }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      });
      const options = { args: [request] as [OpenCallRequest], updateId, startWorkflowOperation };
      const opened = await this.client.executeUpdateWithStart(openCall, options);
      this.remember(callWorkflowId(opened.callId));
      return opened;
    });
  }

  async ringIn(
    legId: LegId = newLegId(),
    more: Partial<OpenCallRequest> = {},
  ): Promise<OpenCallOutcome & { legId: LegId }> {
    const leg = { legId, regionUrl: null, conversationId: `CON-${legId}`, startedAtMs: await this.env.currentTimeMs() };
    const { resumeWithinMs } = this.world.rules;
    const request = {
      direction: 'inbound' as const,
      proposedCallId: newCallId(),
      botNumber: BOT,
      initiate: INITIATE,
      leg,
      callback: null,
      resumeWithinMs,
      ...more,
    };
    return { ...(await this.openCall(request)), legId };
  }

  /** A text message comes in. */
  async texts(text: string, more: { messageId?: string } & Partial<OpenCallRequest> = {}): Promise<OpenCallOutcome> {
    const { messageId = randomUUID(), ...others } = more;
    const request = {
      direction: 'inbound' as const,
      proposedCallId: asCallId(`by-${messageId}`),
      botNumber: BOT,
      initiate: INITIATE,
      leg: null,
      text: { messageId, text, atMs: await this.env.currentTimeMs() },
      callback: null,
      resumeWithinMs: this.world.rules.resumeWithinMs,
      ...others,
    };
    return await this.openCall(request, `sms:${messageId}`);
  }

  async ringOut(more: Partial<OpenCallRequest> = {}): Promise<OpenCallOutcome> {
    const { resumeWithinMs } = this.world.rules;
    return await this.openCall({
      direction: 'outbound',
      proposedCallId: newCallId(),
      botNumber: BOT,
      initiate: INITIATE,
      leg: null,
      callback: null,
      resumeWithinMs,
      ...more,
    });
  }

  async attach(
    callId: CallId,
    hostName: string,
    spokeAlone: { turnId: string; text: string } | null = null,
  ): Promise<{ seed: MediaSeed; connectId: ReturnType<typeof asConnectId> }> {
    const host = await this.host(hostName);
    const connectId = asConnectId(randomUUID());
    const attached = { connectId, hostId: asHostId(hostName), spokeAlone, lean: true as const };
    const seed = await this.ask(() =>
      this.call(callId).executeUpdate(attachMedia, { args: [attached], updateId: connectId }),
    );
    await untilTrue(() => host.carries(connectId));
    return { seed, connectId };
  }

  /** Accepted and answered to its end. */
  async turn(
    callId: CallId,
    connectId: ReturnType<typeof asConnectId>,
    turn: Partial<TurnRequest> & { utterance: string },
  ): Promise<void> {
    const turnId = turn.turnId ?? asTurnId(randomUUID());
    const request: TurnRequest = {
      connectId,
      via: 'speech',
      confidence: 0.9,
      language: null,
      heard: [],
      spokenAtMs: await this.env.currentTimeMs(),
      ...turn,
      turnId,
    };
    await this.ask(() => this.call(callId).executeUpdate(takeTurn, { args: [leanTurn(request)], updateId: turnId }));
  }

  async admit(callId: CallId, attemptId: AttemptId, legId: LegId) {
    const leg = { legId, regionUrl: null, conversationId: 'CON-1' };
    return await this.ask(() => this.call(callId).executeUpdate(admitLeg, { args: [{ attemptId, leg }] }));
  }

  /** An update, known again by its id, of what may go on in its next run meanwhile. */
  async ask<Answer>(update: () => Promise<Answer>): Promise<Answer> {
    return await askedAnew(() => this.client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, update));
  }

  async lineEvent(legId: LegId, status: LegStatus): Promise<void> {
    await this.client.getHandle(lineWorkflowId(this.key)).signal(lineLegChanged, legEvent({ legId, status }));
  }

  async callEvent(
    callId: CallId,
    event: Partial<LegEvent> & { legId: LegId; status: LegStatus; role?: LegRole },
  ): Promise<void> {
    await this.call(callId).signal(legChanged, legEvent(event));
  }

  /** The customer hangs up: the socket closes, and the network says so. */
  async hangsUp(legId: LegId, media?: { host: FakeHost; connectId: string }): Promise<void> {
    if (media !== undefined) media.host.end(media.connectId, { endedBy: 'network', heard: [] });
    await this.lineEvent(legId, 'completed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.hosts.values()) host.endAll();
    for (const { worker } of this.#running) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(this.#running.map(({ end }) => end));
  }
}

export const newKey = () => asNumberKey(`${CUSTOMER}-${randomUUID().slice(0, 8)}`);
export const newLegId = (): LegId => asLegId(`leg-${randomUUID()}`);
export const newCallId = (): CallId => asCallId(randomUUID());
export const newAttemptId = (): AttemptId => asAttemptId(randomUUID());

export function legEvent(event: Partial<LegEvent> & { legId: LegId; status: LegStatus }): LegEvent {
  return {
    eventKey: `${event.legId}:${event.status}:${randomUUID()}`,
    conversationId: null,
    role: 'customer',
    attemptId: null,
    atMs: 1_700_000_000_000,
    detail: null,
    regionUrl: null,
    durationS: null,
    priceEur: null,
    ...event,
  };
}

const LOOKS_EVERY_MS = 150;

/** A query that reaches a run as that goes on in the next is never answered by the server whose clock jumps; asked anew it is, by the next. */
const ASKED_ANEW_AFTER_MS = 5_000;

async function answerTo(probe: () => boolean | Promise<boolean>): Promise<boolean> {
  const waiting = new AbortController();
  const tooLong = wait(ASKED_ANEW_AFTER_MS, false, { signal: waiting.signal });
  tooLong.catch(() => undefined);
  const answer = Promise.resolve(probe());
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, tooLong]);
  } finally {
    waiting.abort();
  }
}

/** Real time, generous: what is awaited comes from other threads of this process, and from a server on the same cores. */
export async function untilTrue(probe: () => boolean | Promise<boolean>, limitMs = 45_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  // Ever less often: a look is mostly a query, which keeps worker and server from the work that is waited for.
  for (let pauseMs = 10; !(await answerTo(probe)); pauseMs = Math.min(pauseMs * 1.5, LOOKS_EVERY_MS)) {
    if (Date.now() > deadline) throw new Error(`it did not become true: ${probe.toString()}`);
    await wait(pauseMs);
  }
}
