import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.ts';
import { missingSearchAttributes } from '../../local/search-attributes.ts';
import { localMongo, localTemporal, timeSkippingEnvironment } from '../kit/servers.ts';

describe('MongoDB of one machine', () => {
  test('[BT10] writes acknowledged just before kill -9 are there after the restart', async () => {
    const server = await localMongo();
    onTestFinished(() => server.stop());
    const documents = 20;

    const before = await MongoClient.connect(server.uri);
    for (let index = 0; index < documents; index += 1) {
      await before.db().collection('calls').insertOne({ index });
    }
    await before
      .db()
      .collection('calls')
      .updateOne({ index: documents - 1 }, { $set: { last: true } });
    await server.kill();
    await before.close();
    await server.restart();

    const after = await MongoClient.connect(server.uri);
    onTestFinished(() => after.close());
    const found = await after.db().collection('calls').find().toArray();
    expect(found).toHaveLength(documents);
    expect(found.filter((document) => document['last'] === true)).toHaveLength(1);
  });

  test('[BT11] indexes, upserts and array pushes as the application uses them', async () => {
    const server = await localMongo();
    onTestFinished(() => server.stop());
    const client = await MongoClient.connect(server.uri);
    onTestFinished(() => client.close());
    const calls = client.db().collection<{ _id: string; messages: number[] }>('calls');

    await calls.createIndexes([{ key: { messages: 1 }, name: 'by_message' }]);
    await calls.updateOne({ _id: 'a' }, { $push: { messages: { $each: [1, 2] } } }, { upsert: true });
    await calls.updateOne({ _id: 'a' }, { $push: { messages: { $each: [3], $slice: -2 } } }, { upsert: true });

    expect(await calls.findOne({ _id: 'a' })).toEqual({ _id: 'a', messages: [2, 3] });
    expect((await calls.indexes()).map((index) => index.name)).toContain('by_message');
  });
});

describe('Temporal of one machine', () => {
  test('[BT10] an open workflow is still there after kill -9 and restart on the same data', async () => {
    const server = await localTemporal();
    onTestFinished(() => server.stop());
    const connection = await Connection.connect({ address: server.address });
    const handle = await new Client({ connection }).workflow.start('waiting', {
      workflowId: 'call:kept',
      taskQueue: 'nobody',
    });
    await connection.close();

    await server.restart();

    const again = await Connection.connect({ address: server.address });
    onTestFinished(() => again.close());
    const description = await new Client({ connection: again }).workflow.getHandle('call:kept').describe();
    expect(description.status.name).toBe('RUNNING');
    expect(description.runId).toBe(handle.firstExecutionRunId);
  });

  test('[BT12] it knows every search attribute', async () => {
    const server = await localTemporal();
    onTestFinished(() => server.stop());
    const connection = await Connection.connect({ address: server.address });
    onTestFinished(() => connection.close());
    expect(Object.keys(SEARCH_ATTRIBUTES).length).toBeGreaterThan(0);
    expect(await missingSearchAttributes(connection, 'default')).toEqual([]);
  });
});

test('[BT13] the time-skipping server passes a day in a moment', async () => {
  const environment = await timeSkippingEnvironment();
  onTestFinished(() => environment.teardown());
  const before = await environment.currentTimeMs();
  await environment.sleep('1 day');
  expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(86_400_000);
});
