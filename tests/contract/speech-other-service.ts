/** A speech service that is not ours: speaks Google's wire, but does no more than a test tells it to. */
import { Server, ServerCredentials, type ServerDuplexStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSpeechServices } from '../../sandbox/speech/protos.ts';

export interface RecognizeMessage {
  recognizer: string;
  streamingRequest?: string;
  streamingConfig?: { config: { languageCodes: string[]; model: string } };
  audio?: Buffer;
}

export interface SynthesizeMessage {
  streamingConfig?: { voice: { name: string } };
  input?: { text: string };
}

export interface OtherServiceScript {
  /** More on one connection have to wait for one of them to end. */
  streamsAConnection?: number;
  recognize?: (call: ServerDuplexStream<RecognizeMessage, object>) => void;
  synthesizeStream?: (call: ServerDuplexStream<SynthesizeMessage, object>) => void;
  synthesize?: (request: { input: { text: string }; audioConfig: { audioEncoding: string } }) => Buffer;
}

export interface OtherService extends AsyncDisposable {
  url: string;
}

/** A method that the script does not name is answered UNIMPLEMENTED, as grpc-js does of itself. */
export async function otherService(script: OtherServiceScript): Promise<OtherService> {
  const services = loadSpeechServices();
  const server = new Server(
    script.streamsAConnection === undefined ? {} : { 'grpc.max_concurrent_streams': script.streamsAConnection },
  );
  const { synthesize } = script;
  server.addService(services.recognitionV2, pruned({ streamingRecognize: script.recognize }));
  server.addService(
    services.synthesis,
    pruned({
      streamingSynthesize: script.synthesizeStream,
      synthesizeSpeech:
        synthesize &&
        ((call: { request: never }, done: (error: null, reply: object) => void) => {
          done(null, { audioContent: synthesize(call.request) });
        }),
    }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function pruned(methods: Record<string, unknown>): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(methods).filter(([, method]) => method !== undefined),
  ) as UntypedServiceImplementation;
}
