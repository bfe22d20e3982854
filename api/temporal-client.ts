/** A client that is there before Temporal is: connects at first use, and again soon after an outage. */
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';

/** gRPC's own pauses between connects grow to two minutes: a caller would wait that long after a restart of the server. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

export function temporalClient(
  place: { address: string; namespace: string },
  interceptors: WorkflowClientInterceptor[] = [],
): {
  client: Client;
  connection: Connection;
} {
  const connection = Connection.lazy({ address: place.address, channelArgs: RECONNECT });
  return {
    connection,
    client: new Client({ connection, namespace: place.namespace, interceptors: { workflow: interceptors } }),
  };
}
