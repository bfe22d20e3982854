/**
 * Google's two-way streams, straight from the clients' own stubs. The wrapper around them costs a second stream a message, and at each error,
 * our own cancels included, it builds the tree of all error types anew: 10 ms, ten times what the rest of a turn's streams takes.
 */
import type { Client, ClientDuplexStream, deserialize, serialize } from '@grpc/grpc-js';
import { grpc } from 'google-gax';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as the generated clients declare it
export type Stub = Promise<Record<string, Function>> | undefined;
export type TwoWay<Request, Response> = ClientDuplexStream<Request, Response>;

/** As the loader of the interface files makes it. */
interface Definition<Request, Response> {
  originalName?: string;
  path: string;
  requestSerialize: serialize<Request>;
  responseDeserialize: deserialize<Response>;
}

const NOTHING_TO_ADD = new grpc.Metadata();

/**
 * The client is initialised: its pool saw to that. `inBytes`: of a message that comes often, its bytes as the wire wants them, for which the client
 * would build an object first; null = the client's way.
 */
export async function twoWay<Request, Response>(
  stub: Stub,
  method: string,
  inBytes: (message: Request) => Buffer | null = () => null,
): Promise<() => TwoWay<Request, Response>> {
  const service = (await stub) as Client | undefined;
  const { service: methods = {} } = (service?.constructor ?? {}) as {
    service?: Record<string, Definition<Request, Response>>;
  };
  const definition = Object.values(methods).find(({ originalName }) => originalName === method);
  if (service === undefined || definition === undefined) throw new Error(`Google's client has no ${method}`);
  const { path, requestSerialize, responseDeserialize } = definition;
  const bytesOf = (message: Request): Buffer => inBytes(message) ?? requestSerialize(message);
  return () => service.makeBidiStreamRequest(path, bytesOf, responseDeserialize, NOTHING_TO_ADD.clone());
}
