import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeWav } from '../../sandbox/phone/sound.ts';
import { synthesize } from '../../sandbox/voice/espeak.ts';
import { recognise } from '../../sandbox/voice/fingerprint.ts';
import { SpokenRegister } from '../../sandbox/voice/spoken.ts';
import { startBench, type PhoneBench } from './phone-kit.ts';

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const inBrowser = test.skipIf(browserPath === undefined);

let bench: PhoneBench;
let browser: Browser | undefined;
let folder: string;

beforeEach(async () => {
  bench = await startBench();
  folder = mkdtempSync(join(tmpdir(), 'softphone-'));
});
afterEach(async () => {
  await browser?.close();
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const connect = (): object[] => [
  {
    action: 'connect',
    eventType: 'synchronous',
    endpoint: [
      { type: 'websocket', uri: `${bench.mediaUrl}/media`, 'content-type': 'audio/l16;rate=16000', headers: {} },
    ],
  },
];

inBrowser(
  '[SB22] in a browser: a typed sentence and a key go out, both sides are shown, hanging up ends the call',
  async () => {
    bench.answers.set('/answer', () => [{ action: 'talk', text: 'Good morning.' }, ...connect()]);
    const page = await openPhone();
    await page.click('#call');
    await page.locator('#state', { hasText: 'connected' }).waitFor();
    const host = await bench.connection(0);
    await page.fill('#text', 'I want to change my address.');
    await page.press('#text', 'Enter');
    // The bot's side may be shown before the customer's, and grows until it is heard to its end.
    await page.locator('#transcript li.customer', { hasText: /^I want to change my address\.$/u }).waitFor();
    expect(await page.locator('#transcript li').allTextContents()).toEqual([
      'Good morning.',
      'I want to change my address.',
    ]);
    await page.click('#keypad button:text-is("7")');
    await bench.until(() => host.texts.some((text) => text['digit'] === '7'));
    await page.click('#hangup');
    await bench.event('completed', { disconnected_by: 'user' });
  },
);

inBrowser('[SB22] in a browser: it rings, is answered, and the microphone’s sound arrives on the line', async () => {
  const voice = await synthesize('Please cancel my subscription.', { language: 'en-US', voice: 'm3' });
  const page = await openPhone(voice);
  await page.click('#microphone');
  await page.locator('#microphone', { hasText: 'Microphone on' }).waitFor();
  const order = {
    to: [{ type: 'phone', number: '447700900999' }],
    from: { type: 'phone', number: '442079460000' },
    ncco: connect(),
  };
  await bench.vonage.voice.createOutboundCall(order as never);
  await page.waitForSelector('#answer', { state: 'visible' });
  await page.click('#answer');
  const host = await bench.connection(0);
  const known = new SpokenRegister();
  known.register({ text: 'Please cancel my subscription.', language: 'en-US', pcm: voice, saidAtMs: 0 });
  await bench.until(() => wordsIn(host.frames, known).includes('cancel'));
});

async function openPhone(microphone?: Int16Array): Promise<Page> {
  const sound = join(folder, 'microphone.wav');
  if (microphone !== undefined) writeFileSync(sound, encodeWav([microphone]));
  browser = await chromium.launch({
    executablePath: browserPath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${sound}`]),
    ],
  });
  const page = await browser.newPage();
  await page.goto(`${bench.running.url}/phone`);
  await page.locator('#state', { hasText: 'ready as' }).waitFor();
  return page;
}

function wordsIn(frames: Buffer[], register: SpokenRegister): string {
  const pcm = Int16Array.from(
    frames.flatMap((frame) => Array.from({ length: 320 }, (_, i) => frame.readInt16LE(i * 2))),
  );
  return recognise(pcm, register)
    .flatMap((heard) => (heard.kind === 'words' ? [heard.text] : []))
    .join(' ');
}
