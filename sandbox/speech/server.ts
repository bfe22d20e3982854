/** Google's speech on its own wire, for the sandbox's phones: a gRPC server that hears and speaks what the registers know. */
import { Server, ServerCredentials, type ServerDuplexStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { SpokenRegister } from '../voice/spoken.ts';
import { changeFaults, noFaults, resetFaults, type SpeechFaults } from './faults.ts';
import { loadSpeechServices } from './protos.ts';
import { v1Dialect, v2Dialect, type V1Request, type V2Request } from './recognition-dialects.ts';
import { RecognitionSession } from './recognition-session.ts';
import { synthesisHandlers } from './synthesis.ts';

export type { SpeechFaults } from './faults.ts';

export interface SpeechStandInOptions {
  /** What the phones were given to say. */
  spoken: SpokenRegister;
  /** Filled with what the bot is made to say. */
  botSpeech: SpokenRegister;
  /** 0 = a free one. */
  port: number;
  host?: string;
  log?: Logger;
}

export interface SpeechStandIn {
  port: number;
  /** Set its fields as you like; they hold from the next stream on. */
  faults: SpeechFaults;
  /** A part of the faults as it comes from outside; throws a ZodError that names the field. */
  changeFaults(change: unknown): SpeechFaults;
  resetFaults(): SpeechFaults;
  close(): Promise<void>;
}

export async function createSpeechStandIn(options: SpeechStandInOptions): Promise<SpeechStandIn> {
  const faults = noFaults();
  const { spoken, botSpeech, log } = options;
  const services = loadSpeechServices();
  const server = new Server();
  server.addService(services.recognitionV2, {
    streamingRecognize: (call: ServerDuplexStream<V2Request, object>) => {
      new RecognitionSession(call, v2Dialect, { spoken, faults, log });
    },
  });
  server.addService(services.recognitionV1, {
    streamingRecognize: (call: ServerDuplexStream<V1Request, object>) => {
      new RecognitionSession(call, v1Dialect, { spoken, faults, log });
    },
  });
  server.addService(services.synthesis, synthesisHandlers({ botSpeech, faults, log }) as unknown as UntypedServiceImplementation);
  const port = await listen(server, `${options.host ?? '127.0.0.1'}:${options.port}`);
  return {
    port,
    faults,
    changeFaults: (change) => changeFaults(faults, change),
    resetFaults: () => resetFaults(faults),
    close: () => {
      // Streams of live calls would hold a gentle shutdown for minutes.
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
