import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { synthesize } from '../../sandbox/voice/espeak.ts';
import { recognise } from '../../sandbox/voice/fingerprint.ts';
import { NUMBER, startBench, type PhoneBench } from './phone-kit.ts';

let bench: PhoneBench;
let page: WebSocket;
let said: Record<string, unknown>[];
let heardFrames: Buffer[];

const OWN = '447700900999';

beforeEach(async () => {
  bench = await startBench();
  said = [];
  heardFrames = [];
  page = new WebSocket(`${bench.running.url.replace('http', 'ws')}/phone/ws`);
  page.on('message', (data, isBinary) => {
    if (isBinary) heardFrames.push(data as Buffer);
    else said.push(JSON.parse((data as Buffer).toString('utf8')) as Record<string, unknown>);
  });
  await told('hello');
  tell({ type: 'register', number: `+${OWN}`, language: 'en-US' });
  await told('registered');
});
afterEach(async () => {
  page.terminate();
  await bench.close();
});

const tell = (message: object): void => page.send(JSON.stringify(message));
const told = (type: string): Promise<Record<string, unknown>> =>
  bench.until(() => said.find((message) => message['type'] === type));
const connect = (): object[] => [
  {
    action: 'connect',
    eventType: 'synchronous',
    endpoint: [
      { type: 'websocket', uri: `${bench.mediaUrl}/media`, 'content-type': 'audio/l16;rate=16000', headers: {} },
    ],
  },
];

test('[SB22] typed words go out as audio that the bot’s ears know, and the page sees both sides', async () => {
  bench.answers.set('/answer', () => [{ action: 'talk', text: 'Good morning.' }, ...connect()]);
  tell({ type: 'call' });
  await told('live');
  const host = await bench.connection(0);
  await bench.until(() => heardFrames.length > 10);
  tell({ type: 'say', text: 'I want to change my address.' });
  const words = (): string => heardBy(host.frames, bench);
  await bench.until(() => words() === 'I want to change my address.');
  const shown = await bench.until(() =>
    said.find((message) => JSON.stringify(message).includes('change my address') && message['type'] === 'transcript'),
  );
  expect((shown['transcript'] as { who: string; text: string }[]).map(({ who, text }) => `${who}: ${text}`)).toEqual([
    'bot: Good morning.',
    'customer: I want to change my address.',
  ]);
  tell({ type: 'press', digits: '7' });
  await bench.until(() => host.texts.some((text) => text['digit'] === '7'));
  tell({ type: 'hangup' });
  await told('over');
  await bench.event('completed', { disconnected_by: 'user', from: OWN });
});

test('[SB22] a call to the number rings in the page and is answered there', async () => {
  const order = {
    to: [{ type: 'phone', number: OWN }],
    from: { type: 'phone', number: NUMBER },
    ncco: [{ action: 'talk', text: 'Hello Anna.' }],
  };
  const created = await bench.vonage.voice.createOutboundCall(order as never);
  expect(await told('ringing')).toMatchObject({ from: NUMBER });
  tell({ type: 'answer' });
  await told('live');
  await bench.event('answered', { uuid: created.uuid });
  await bench.until(() =>
    said.some((message) => message['type'] === 'transcript' && JSON.stringify(message).includes('Hello Anna.')),
  );
  await told('over');
});

test('[SB22] a declined call is told as rejected', async () => {
  const order = {
    to: [{ type: 'phone', number: OWN }],
    from: { type: 'phone', number: NUMBER },
    ncco: [{ action: 'wait' }],
  };
  const created = await bench.vonage.voice.createOutboundCall(order as never);
  await told('ringing');
  tell({ type: 'decline' });
  await bench.event('rejected', { uuid: created.uuid });
});

test('[SB22] the browser’s own words for a microphone make its sound known', async () => {
  bench.answers.set('/answer', connect);
  tell({ type: 'call' });
  await told('live');
  await bench.connection(0);
  // A voice that nobody was given to say: the register learns it from the page alone.
  const voice = await synthesize('Please cancel my subscription.', { language: 'en-US', voice: 'm7' });
  const { spoken } = bench.running.sandbox.network.options;
  for (let at = 0; at < voice.length; at += 320) page.send(Buffer.from(voice.slice(at, at + 320).buffer));
  await bench.until(() => (bench.media[0]?.frames.length ?? 0) > voice.length / 320);
  expect(recognise(voice, spoken).some((heard) => heard.kind === 'words')).toBe(false);
  tell({ type: 'spoken', text: 'please cancel my subscription', final: true });
  await bench.until(() => spoken.all().length === 1);
  const heard = recognise(voice, spoken).filter((part) => part.kind === 'words');
  expect(heard.map((part) => part.text)).toEqual(['please cancel my subscription']);
});

test('[SB22] another page may not ring through the visitor’s browser', async () => {
  const foreign = new WebSocket(`${bench.running.url.replace('http', 'ws')}/phone/ws`, { origin: 'http://evil.test' });
  await expect(new Promise((resolve, reject) => foreign.on('open', resolve).on('error', reject))).rejects.toThrow(
    '403',
  );
});

test.each(['/phone', '/phone/page.js', '/phone/sound.js', '/phone/worklet.js', '/phone/page.css'])(
  '[SB22] %s is served',
  async (path) => {
    expect((await fetch(`${bench.running.url}${path}`)).status).toBe(200);
  },
);

function heardBy(frames: Buffer[], of: PhoneBench): string {
  const pcm = Int16Array.from(
    frames.flatMap((frame) => Array.from({ length: 320 }, (_, i) => frame.readInt16LE(i * 2))),
  );
  return recognise(pcm, of.running.sandbox.network.options.spoken)
    .flatMap((heard) => (heard.kind === 'words' ? [heard.text] : []))
    .join(' ');
}

test('[SB22] text messages of the page’s number go out from it and come in, with what became of them', async () => {
  const inbound: unknown[] = [];
  bench.answers.set('/sms', ({ body }) => {
    inbound.push(body);
    return {};
  });
  tell({ type: 'text', text: 'My address is anna@example.com' });
  await bench.until(() => inbound.length === 1);
  expect(inbound[0]).toMatchObject({ channel: 'sms', from: OWN, to: NUMBER, text: 'My address is anna@example.com' });
  await bench.vonage.messages.send({
    channel: 'sms',
    messageType: 'text',
    from: NUMBER,
    to: OWN,
    text: 'Thank you.',
  });
  const shown = await bench.until(() =>
    said.find((message) => message['type'] === 'texts' && JSON.stringify(message).includes('"delivered"')),
  );
  expect(shown['texts']).toMatchObject([
    { who: 'customer', text: 'My address is anna@example.com', status: 'received' },
    { who: 'bot', text: 'Thank you.', status: 'delivered' },
  ]);
});
