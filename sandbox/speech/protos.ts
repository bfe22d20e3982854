/** Google's own interface files, taken from the packages that carry them. */
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import {
  loadPackageDefinition,
  type GrpcObject,
  type ServiceClientConstructor,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

export interface SpeechServices {
  recognitionV1: ServiceDefinition;
  recognitionV2: ServiceDefinition;
  synthesis: ServiceDefinition;
}

const require = createRequire(import.meta.url);

export function loadSpeechServices(): SpeechServices {
  const definition = loadSync(
    [
      'google/cloud/speech/v1/cloud_speech.proto',
      'google/cloud/speech/v2/cloud_speech.proto',
      'google/cloud/texttospeech/v1/cloud_tts.proto',
    ],
    {
      keepCase: false,
      longs: String,
      enums: String,
      defaults: true,
      oneofs: true,
      includeDirs: ['@google-cloud/speech', '@google-cloud/text-to-speech', 'google-gax'].map(
        (name) => `${packageFolder(name)}/build/protos`,
      ),
    },
  );
  const all = loadPackageDefinition(definition);
  return {
    recognitionV1: serviceAt(all, 'google.cloud.speech.v1.Speech'),
    recognitionV2: serviceAt(all, 'google.cloud.speech.v2.Speech'),
    synthesis: serviceAt(all, 'google.cloud.texttospeech.v1.TextToSpeech'),
  };
}

/** package.json itself is not exported by all of them; the entry lies in build/src. */
function packageFolder(name: string): string {
  return resolve(dirname(require.resolve(name)), '../..');
}

function serviceAt(all: GrpcObject, path: string): ServiceDefinition {
  let here: unknown = all;
  for (const part of path.split('.')) here = (here as Record<string, unknown>)[part];
  return (here as ServiceClientConstructor).service;
}
