/** Text-to-Speech: ListVoices, SynthesizeSpeech and StreamingSynthesize, spoken by espeak. */
import { setTimeout as wait } from 'node:timers/promises';
import { status, type sendUnaryData, type ServerDuplexStream, type ServerUnaryCall } from '@grpc/grpc-js';
import { synthesisFaultsForNext } from './faults.ts';
import { wavHeader } from './sound-formats.ts';
import { NATURAL_HZ, refusalFor, refuseByFault, speak, Unfit, voiceOf, type SynthesisContext } from './speaking.ts';
import { StreamedSynthesis, type StreamRequest } from './streamed-synthesis.ts';
import { listedVoices, type ListedVoice, type VoiceRequest } from './voices.ts';

interface UnaryRequest {
  input: { inputSource?: 'text' | 'ssml' | 'markup'; text?: string; ssml?: string; markup?: string } | null;
  voice: VoiceRequest | null;
  audioConfig: { audioEncoding: string; sampleRateHertz: number; speakingRate: number } | null;
}

export function synthesisHandlers(context: SynthesisContext) {
  return {
    listVoices(
      call: ServerUnaryCall<{ languageCode: string }, { voices: ListedVoice[] }>,
      done: sendUnaryData<{ voices: ListedVoice[] }>,
    ): void {
      const wanted = call.request.languageCode.toLowerCase();
      done(null, {
        voices: listedVoices.filter((voice) =>
          voice.languageCodes.some((code) => code.toLowerCase().startsWith(wanted)),
        ),
      });
    },
    synthesizeSpeech(
      call: ServerUnaryCall<UnaryRequest, { audioContent: Buffer }>,
      done: sendUnaryData<{ audioContent: Buffer }>,
    ): void {
      unary(call.request, context).then(
        (audioContent) => {
          if (audioContent !== null) done(null, { audioContent });
        },
        (error: unknown) => {
          done(refusalFor(error, context.log));
        },
      );
    },
    streamingSynthesize(call: ServerDuplexStream<StreamRequest, { audioContent: Buffer }>): void {
      new StreamedSynthesis(call, context);
    },
  };
}

/** null = the fault "silent": no answer at all. */
async function unary(request: UnaryRequest, context: SynthesisContext): Promise<Buffer | null> {
  const faults = synthesisFaultsForNext(context.faults);
  refuseByFault(faults);
  const dueAtMs = performance.now() + faults.firstByteDelayMs;
  const { audioConfig } = request;
  if (audioConfig === null) throw new Unfit(status.INVALID_ARGUMENT, 'audio_config must be set.');
  const sound = await speak(
    {
      text: textOf(request.input),
      voice: voiceOf(request.voice),
      encoding: audioConfig.audioEncoding,
      sampleRateHz: audioConfig.sampleRateHertz,
      speakingRate: audioConfig.speakingRate,
    },
    context,
  );
  if (faults.silent) return null;
  await wait(Math.max(0, dueAtMs - performance.now()));
  if (faults.abortHalfway) throw new Unfit(status.ABORTED, 'The request was aborted.');
  const header =
    audioConfig.audioEncoding === 'PCM'
      ? Buffer.alloc(0)
      : headerFor(audioConfig.audioEncoding, audioConfig.sampleRateHertz, sound.length);
  return Buffer.concat([header, sound]);
}

function textOf(input: UnaryRequest['input']): string {
  const text = (input?.text ?? input?.markup ?? input?.ssml?.replaceAll(/<[^>]*>/g, ' ') ?? '').trim();
  if (text === '')
    throw new Unfit(status.INVALID_ARGUMENT, 'Either `input.text` or `input.ssml` is longer than 0 bytes.');
  return text;
}

function headerFor(encoding: string, sampleRateHz: number, dataBytes: number): Buffer {
  return wavHeader({
    encoding: encoding === 'MULAW' ? 7 : 1,
    sampleRateHz: sampleRateHz === 0 ? NATURAL_HZ : sampleRateHz,
    dataBytes,
  });
}
