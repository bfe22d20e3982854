/** Google's speech on its own wire, for the sandbox's phones: a gRPC server that hears and speaks what the registers know. */
import type { EventEmitter } from 'node:events';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
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

export interface OpenStreams {
  recognitions: number;
  syntheses: number;
}

export interface SpeechStandIn {
  port: number;
  /** Set its fields as you like; they hold from the next stream on. */
  faults: SpeechFaults;
  /** Streams that are open at this moment. */
  readonly open: OpenStreams;
  /** A part of the faults as it comes from outside; throws a ZodError that names the field. */
  changeFaults(change: unknown): SpeechFaults;
  resetFaults(): SpeechFaults;
  close(): Promise<void>;
}

export async function createSpeechStandIn(options: SpeechStandInOptions): Promise<SpeechStandIn> {
  const faults = noFaults();
  const { spoken, botSpeech, log } = options;
  const open: OpenStreams = { recognitions: 0, syntheses: 0 };
  const services = loadSpeechServices();
  const server = new Server();
  server.addService(services.recognitionV2, {
    streamingRecognize: (call: ServerDuplexStream<V2Request, object>) => {
      count(call, open, 'recognitions');
      new RecognitionSession(call, v2Dialect, { spoken, faults, log });
    },
  });
  server.addService(services.recognitionV1, {
    streamingRecognize: (call: ServerDuplexStream<V1Request, object>) => {
      count(call, open, 'recognitions');
      new RecognitionSession(call, v1Dialect, { spoken, faults, log });
    },
  });
  const synthesis = synthesisHandlers({ botSpeech, faults, log });
  server.addService(services.synthesis, {
    ...synthesis,
    streamingSynthesize: (call: Parameters<typeof synthesis.streamingSynthesize>[0]) => {
      count(call, open, 'syntheses');
      synthesis.streamingSynthesize(call);
    },
  });
  const port = await listen(server, `${options.host ?? '127.0.0.1'}:${options.port}`);
  return {
    port,
    faults,
    open,
    changeFaults: (change) => changeFaults(faults, change),
    resetFaults: () => resetFaults(faults),
    close: () => {
      // Streams of live calls would hold a gentle shutdown for minutes.
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

/** grpc-js says `cancelled` at the end of every call, however it ended. */
function count(call: EventEmitter, open: OpenStreams, kind: keyof OpenStreams): void {
  open[kind] += 1;
  call.once('cancelled', () => {
    open[kind] -= 1;
  });
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
