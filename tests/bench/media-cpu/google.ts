/** Google's two streams as cheaply as can be: words by loudness, sound from memory. What it costs must not disturb what is measured. */
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { loadSpeechServices } from '../../../sandbox/speech/protos.ts';

const SPEECH_RMS = 400;
const INTERIM_EVERY_MS = 200;
const FINAL_AFTER_MS = 400;
const FINAL_DELAY_MS = 150;
const FIRST_SOUND_MS = 120;
const PIECE_BYTES = 6_400;
const WORDS = 'I would like to change my reservation to the next Friday evening please'.split(' ');

export interface CheapGoogle {
  port: number;
  messages: number;
  close(): void;
}

/** `said`: L16 at 16 kHz of about what the bot says in a sentence. */
export async function startCheapGoogle(said: Buffer): Promise<CheapGoogle> {
  const services = loadSpeechServices();
  const server = new Server();
  const google: CheapGoogle = {
    port: 0,
    messages: 0,
    close: () => {
      server.forceShutdown();
    },
  };
  server.addService(services.recognitionV2, {
    streamingRecognize: (call: ServerDuplexStream<{ audio?: Buffer }, object>) => {
      recognise(call, google);
    },
  });
  server.addService(services.synthesis, {
    streamingSynthesize: (call: ServerDuplexStream<object, object>) => {
      speak(call, said);
    },
  });
  google.port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
  return google;
}

function recognise(call: ServerDuplexStream<{ audio?: Buffer }, object>, google: CheapGoogle): void {
  let heardMs = 0;
  let speechMs = 0;
  let lastLoudMs = 0;
  let toldMs = 0;
  let over = false;
  const tell = (isFinal: boolean): void => {
    if (over) return;
    const count = Math.max(1, Math.round(speechMs / 250));
    const transcript = WORDS.slice(0, count).join(' ') + (isFinal ? '.' : '');
    call.write({
      results: [
        {
          alternatives: [{ transcript, confidence: isFinal ? 0.9 : 0 }],
          isFinal,
          stability: isFinal ? 0 : 0.9,
          languageCode: 'en-us',
        },
      ],
    });
  };
  const final = (): void => {
    tell(true);
    speechMs = 0;
    toldMs = 0;
  };
  call.on('data', ({ audio }: { audio?: Buffer }) => {
    if (audio === undefined || audio.length === 0) return;
    google.messages += 1;
    const ms = audio.length / 32;
    heardMs += ms;
    if (isLoud(audio)) {
      speechMs += ms;
      lastLoudMs = heardMs;
      if (speechMs - toldMs >= INTERIM_EVERY_MS) {
        toldMs = speechMs;
        tell(false);
      }
    } else if (speechMs > 0 && heardMs - lastLoudMs >= FINAL_AFTER_MS) {
      speechMs = speechMs || 1;
      setTimeout(final, FINAL_DELAY_MS);
      lastLoudMs = Infinity;
    }
  });
  call.on('end', () => {
    setTimeout(() => {
      if (speechMs > 0) tell(true);
      if (!over) call.end();
      over = true;
    }, FINAL_DELAY_MS);
  });
  call.on('cancelled', () => (over = true));
  call.on('error', () => (over = true));
}

function speak(call: ServerDuplexStream<object, object>, said: Buffer): void {
  let over = false;
  call.on('data', () => undefined);
  call.on('cancelled', () => (over = true));
  call.on('error', () => (over = true));
  call.on('end', () => {
    setTimeout(() => {
      for (let at = 0; at < said.length && !over; at += PIECE_BYTES)
        call.write({ audioContent: said.subarray(at, at + PIECE_BYTES) });
      if (!over) call.end();
    }, FIRST_SOUND_MS);
  });
}

function isLoud(audio: Buffer): boolean {
  let sum = 0;
  let count = 0;
  for (let at = 0; at + 1 < audio.length; at += 16) {
    const sample = audio.readInt16LE(at);
    sum += sample * sample;
    count += 1;
  }
  return Math.sqrt(sum / count) > SPEECH_RMS;
}
