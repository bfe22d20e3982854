/** Temporal and MongoDB: reachable, complete, and quick enough for a conversation? */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { MongoClient } from 'mongodb';
import { DYNAMIC_CONFIG } from '../local/temporal.ts';
import { missingSearchAttributes } from '../local/search-attributes.ts';
import { withoutPassword } from '../local/table.ts';
import { fail, ok, reason, warn, type Finding } from './doctor-findings.ts';

const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;
/** The first ones live on the credit that the server's limiter gives; only what comes after tells. */
const ROUNDS = 40;
const CREDIT_ROUNDS = 20;
/** COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK in Temporal's api/enums/v1/command_type.proto. */
const SCHEDULE_ACTIVITY = 1;
/**
 * One round, median: 14-22 ms on a server with the rate raised, 100 ms with the default of 20 queue reads a second
 * (2 cores, SQLite). Every turn of a conversation takes this way.
 */
const SLOW_MS = 50;

export async function lookAtTemporal(address: string, namespace: string): Promise<Finding[]> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ address, connectTimeout: CONNECT_MS });
  } catch (error) {
    return [
      fail(
        'Temporal',
        `${address} does not answer: ${reason(error)}`,
        'Start it (npm start does), or mend TEMPORAL_ADDRESS.',
      ),
    ];
  }
  try {
    await connection.withDeadline(Date.now() + CONNECT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    const missing = await missingSearchAttributes(connection, namespace);
    return [
      ok('Temporal', `${address}, namespace ${namespace}`),
      missing.length === 0
        ? ok('Temporal', 'all search attributes are registered')
        : fail(
            'Temporal',
            `search attributes missing: ${missing.join(', ')}`,
            'temporal operator search-attribute create --name NAME --type TYPE (npm start registers them).',
          ),
      await lookAtPace(connection, namespace),
    ];
  } catch (error) {
    return [
      fail(
        'Temporal',
        `${address}: ${reason(error)}`,
        `Make the namespace: temporal operator namespace create ${namespace}`,
      ),
    ];
  } finally {
    await connection.close();
  }
}

async function lookAtPace(connection: Connection, namespace: string): Promise<Finding> {
  const rounds = await measureRounds(connection, namespace);
  const median = rounds.sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0;
  const says = `${median.toFixed(0)} ms for a round of decision and activity (median of ${String(rounds.length)})`;
  if (median < SLOW_MS) return ok('Temporal', says);
  const settings = Object.entries(DYNAMIC_CONFIG).map(([name, value]) => `${name}=${value}`);
  return warn(
    'Temporal',
    says,
    `Put into the server's dynamic config: ${settings.join(', ')}. It may also just be busy or far away.`,
  );
}

/** Plays a worker by hand for a workflow that exists nowhere: no code of ours has to be loaded or may be in the way. */
async function measureRounds(connection: Connection, namespace: string): Promise<number[]> {
  const { workflowService } = connection;
  const workflowId = `doctor:${randomUUID()}`;
  const hands = new WorkerByHand(connection, { namespace, taskQueue: { name: workflowId }, identity: 'doctor' });
  const handle = await new Client({ connection, namespace }).workflow.start('doctor', {
    workflowId,
    taskQueue: workflowId,
  });
  try {
    const rounds: number[] = [];
    let decision = await hands.decisionTask();
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      await hands.decideForActivity(decision, `pace-${String(round)}`);
      decision = await hands.doActivity();
      rounds.push(performance.now() - startedAt);
    }
    return rounds.slice(CREDIT_ROUNDS);
  } finally {
    await handle.terminate('measured');
    await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  }
}

interface Asking {
  namespace: string;
  taskQueue: { name: string };
  identity: string;
}

class WorkerByHand {
  readonly #connection: Connection;
  readonly #asking: Asking;

  constructor(connection: Connection, asking: Asking) {
    this.#connection = connection;
    this.#asking = asking;
  }

  async decisionTask(): Promise<Uint8Array> {
    const reply = await this.#soon(() => this.#connection.workflowService.pollWorkflowTaskQueue(this.#asking));
    return reply.taskToken;
  }

  async decideForActivity(taskToken: Uint8Array, activityId: string): Promise<void> {
    const limit = msToTs(ANSWER_MS);
    const scheduleActivityTaskCommandAttributes = {
      activityId,
      activityType: { name: 'doctor' },
      taskQueue: this.#asking.taskQueue,
      scheduleToCloseTimeout: limit,
      startToCloseTimeout: limit,
    };
    const { namespace, identity } = this.#asking;
    const commands = [{ commandType: SCHEDULE_ACTIVITY, scheduleActivityTaskCommandAttributes }];
    await this.#connection.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, identity, commands });
  }

  /** Takes the activity, completes it, and waits for the decision that follows. */
  async doActivity(): Promise<Uint8Array> {
    const { namespace, identity } = this.#asking;
    const { taskToken } = await this.#soon(() => this.#connection.workflowService.pollActivityTaskQueue(this.#asking));
    const [decision] = await Promise.all([
      this.decisionTask(),
      this.#connection.workflowService.respondActivityTaskCompleted({ namespace, taskToken, identity }),
    ]);
    return decision;
  }

  #soon<Reply>(request: () => Promise<Reply>): Promise<Reply> {
    return this.#connection.withDeadline(Date.now() + ANSWER_MS, request);
  }
}

/** What the lists of calls and callbacks are read by; the api makes them at its start. */
const INDEXES: Readonly<Record<string, Record<string, number>[]>> = {
  calls: [{ created_at: -1 }, { phone_number: 1, created_at: -1 }, { in_progress: 1, created_at: -1 }],
  callbacks: [
    { status: 1, due_at: 1 },
    { phone_number: 1, due_at: 1 },
  ],
};

export async function lookAtMongo(uri: string, database: string): Promise<Finding[]> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: CONNECT_MS });
  const shown = withoutPassword(uri);
  try {
    const hello = await client.db('admin').command({ isMaster: 1 });
    const db = client.db(database);
    const missing: string[] = [];
    for (const [name, wanted] of Object.entries(INDEXES)) {
      const there = await db
        .collection(name)
        .indexes()
        .catch(() => []);
      const keys = new Set(there.map((index) => JSON.stringify(index.key)));
      missing.push(
        ...wanted
          .map((key) => JSON.stringify(key))
          .filter((key) => !keys.has(key))
          .map((key) => `${name} ${key}`),
      );
    }
    return [
      ok(
        'MongoDB',
        `${shown}, database ${database}${hello['setName'] ? `, replica set ${String(hello['setName'])}` : ', single server'}`,
      ),
      missing.length === 0
        ? ok('MongoDB', 'all indexes are there')
        : warn(
            'MongoDB',
            `indexes missing: ${missing.join('; ')}`,
            'Start the api once against this database: it makes them.',
          ),
    ];
  } catch (error) {
    return [
      fail('MongoDB', `${shown} does not answer: ${reason(error)}`, 'Start it (npm start does), or mend MONGODB_URI.'),
    ];
  } finally {
    await client.close();
  }
}
