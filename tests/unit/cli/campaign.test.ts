import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiAt, asking } from '../../../cli/api-door.ts';
import { campaignCommand } from '../../../cli/campaign.ts';
import { tell, watch, type Watching } from '../../../cli/campaign-progress.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'evercall-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the API was asked, and what was said to the person. */
async function run(args: string[], replies: Record<string, string>) {
  const said: string[] = [];
  const asked: { request: string; text: string | null }[] = [];
  const known = await campaignCommand(args, {
    say: (line) => void said.push(line),
    ask: (method, target, body) => {
      const request = `${method} ${target}`;
      asked.push({ request, text: body?.text ?? null });
      const reply = replies[request];
      if (reply === undefined) throw new Error(`not expected: ${request}`);
      return Promise.resolve(new Response(reply));
    },
  });
  return { known, said, asked };
}

const file = (name: string, text: string): string => {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
};

const PROGRESS = {
  status: 'running',
  reason: null,
  contacts: 10,
  by_state: { done: 4, in_flight: 2, pending: 4 },
  by_disposition: { no_answer: 1, completed: 3 },
  attempts: 6,
  next_due_at: null,
  waiting_for: null,
  asks: null,
};

test('[CG5] a CSV is sent as it is, and every row that was not taken is told', async () => {
  const csv = 'phone_number,first_name\n+447700900301,Ann\n12,Bert\n';
  const told = {
    added: 1,
    merged: [],
    rejected: [{ row: 3, field: 'phone_number', reason: 'must be a phone number' }],
  };
  const { said, asked } = await run(['add', 'c1', file('list.csv', csv)], {
    'POST /campaign/c1/contacts': JSON.stringify(told),
  });
  expect(asked).toEqual([{ request: 'POST /campaign/c1/contacts', text: csv }]);
  expect(said).toEqual(['row 3 not taken, phone_number: must be a phone number', '1 contacts added, 1 not taken']);
});

test('[CG15] contacts that wait for a start are said to', async () => {
  const told = { added: 1, note: 'the campaign has ended: …', merged: [], rejected: [] };
  const { said } = await run(['add', 'c1', file('list.csv', 'phone_number\n+447700900301\n')], {
    'POST /campaign/c1/contacts': JSON.stringify(told),
  });
  expect(said).toEqual(['1 contacts added', 'the campaign has ended: …']);
});

test('[CG6] results come as CSV, as JSON by the name of the file or by wish, and as nothing else', async () => {
  const replies = {
    'GET /campaign/c1/results?format=csv': 'phone_number,state\n+447700900301,done\n',
    'GET /campaign/c1/results?format=json': '[]',
  };
  expect((await run(['results', 'c1'], replies)).said).toEqual(['phone_number,state\n+447700900301,done']);
  expect((await run(['results', 'c1', '--format', 'json'], replies)).said).toEqual(['[]']);
  const place = path.join(folder, 'out.json');
  expect((await run(['results', 'c1', '--out', place], replies)).said).toEqual([`written to ${place}`]);
  expect(readFileSync(place, 'utf8')).toBe('[]');
  await expect(run(['results', 'c1', '--format', 'xml'], replies)).rejects.toThrow('csv or json, not as xml');
});

test('[CG11] progress tells what is done, and what the campaign waits for', async () => {
  const progressOf = async (progress: object) =>
    (await run(['progress', 'c1'], { 'GET /campaign/c1/progress': JSON.stringify(progress) })).said;
  expect(await progressOf(PROGRESS)).toEqual([
    'running',
    '4 of 10 contacts done, 2 on the line, 6 attempts',
    '  no answer: 1',
    '  completed: 3',
  ]);
  const away = { ...PROGRESS, contacts: null, by_state: {}, by_disposition: {}, waiting_for: 'store' };
  expect(await progressOf(away)).toEqual(['running', 'it waits for the store, and goes on by itself', '6 attempts']);
});

test('[CG2] orders go to the API, and a word that is none is said to be none', async () => {
  const { asked, said } = await run(['pause', 'c 1'], {
    'POST /campaign/c%201/pause': JSON.stringify({ ...PROGRESS, status: 'paused', reason: 'asked through the API' }),
  });
  expect(asked).toHaveLength(1);
  expect(said[0]).toBe('paused: asked through the API');
  expect((await run(['halt', 'c1'], {})).known).toBe(false);
});

test('[CG13] what is wrong with a command or its files is said in one sentence', async () => {
  const words = async (...args: string[]) =>
    await run(args, {}).then(
      () => null,
      (error: unknown) => (error as Error).message,
    );
  expect(await words('create')).toBe('give a file: create FILE');
  expect(await words('create', path.join(folder, 'none.yaml'))).toMatch(/none\.yaml: there is no such file/);
  expect(await words('create', folder)).toMatch(/that is a folder/);
  expect(await words('create', file('list.csv', 'phone_number\n+447700900301\n'))).toMatch(/written as YAML or JSON/);
  expect(await words('create', file('broken.yaml', 'name: "Spring'))).toMatch(/broken\.yaml: .*YAML or JSON/);
  expect(await words('add', 'c1')).toBe('give a file: add ID FILE.csv');
  expect(await words('start')).toBe('give the campaign’s id: list shows them');
  expect(await words('zone', 'c1', '+447700900301')).toMatch(/^give number and time zone/);
  expect(await words('list', '--wtch')).toBe("Unknown option '--wtch': --help tells what there is");
  expect(await words('results', 'c1', '--format', 'xml')).toMatch(/csv or json/);
});

test('[CG13] a list of which nothing was taken is an error', async () => {
  const rejected = [{ row: 2, field: 'phone_number', reason: 'must be a phone number' }];
  const replies = { 'POST /campaign/c1/contacts': JSON.stringify({ added: 0, merged: [], rejected }) };
  await expect(run(['add', 'c1', file('list.csv', 'phone_number\n12\n')], replies)).rejects.toThrow(
    '0 contacts added, 1 not taken',
  );
});

test('[CG13] an address at which nothing answers, or which is none, is named', async () => {
  await expect(asking({ url: 'http://127.0.0.1:1', key: null })('GET', '/campaign')).rejects.toThrow(
    /^nothing answers at http:\/\/127\.0\.0\.1:1/,
  );
  expect(() => apiAt({}, ['list', '--api', 'nowhere'])).toThrow('--api nowhere: give an address');
  expect(apiAt({}, ['list', '--api=http://10.0.0.1'])).toEqual({ url: 'http://10.0.0.1', key: null });
});

test('[CG13] watching goes on over an API that was away, and tells each change where there is no screen', async () => {
  const looks = [
    PROGRESS,
    new Error('nothing answers'),
    PROGRESS,
    { ...PROGRESS, status: 'completed', by_state: { done: 10 } },
  ];
  const said: string[] = [];
  const ask = () => {
    const next = looks.shift();
    return next instanceof Error || next === undefined
      ? Promise.reject(next ?? new Error('over'))
      : Promise.resolve(next);
  };
  await watch(ask, { say: (line) => void said.push(line), onScreen: false });
  expect(said.slice(0, 3)).toEqual([
    '4 of 10 done, 2 on the line | running',
    '10 of 10 done, 0 on the line | completed',
    'completed',
  ]);
  expect(looks).toEqual([]);
});

const ASKS = '1 contacts are not rung because their zone is not known: PATCH … with a zone';
/** From one look to the next; the last one ends it. */
const LOOKS = [
  PROGRESS,
  { ...PROGRESS, status: 'paused', reason: '10 of the last 20 attempts failed' },
  { ...PROGRESS, by_state: { done: 9, needs_zone: 1 }, asks: ASKS },
  { ...PROGRESS, status: 'completed', by_state: { done: 10 } },
];
async function watched(more: Pick<Watching, 'onScreen' | 'screen'>): Promise<string[]> {
  const looks = [...LOOKS];
  const said: string[] = [];
  const ask = () => Promise.resolve(looks.shift() ?? PROGRESS);
  await watch(ask, { say: (line) => void said.push(line), lookMs: 5, ...more });
  return said;
}

test('[CG18] the bar shows how far it is; why it pauses and what it asks for stand in lines above it', async () => {
  let drawn = '';
  const screen = new Writable({
    write(piece: Buffer, _encoding, done) {
      drawn += piece.toString();
      done();
    },
  });
  const said = await watched({ onScreen: true, screen: Object.assign(screen, { isTTY: true, columns: 200 }) });
  expect(drawn).toContain('40% | 4/10 contacts | 2 on the line | running');
  expect(drawn).toContain('4/10 contacts | 2 on the line | paused');
  expect(drawn).toContain('90% | 9/10 contacts | 0 on the line | running');
  expect(drawn).toContain('100% | 10/10 contacts | 0 on the line | completed');
  expect(said.slice(0, 2)).toEqual(['10 of the last 20 attempts failed', ASKS]);
});

test('[CG18] without a screen each change is a line, with why it pauses and what it asks for', async () => {
  expect((await watched({ onScreen: false })).slice(0, 4)).toEqual([
    '4 of 10 done, 2 on the line | running',
    '4 of 10 done, 2 on the line | paused; 10 of the last 20 attempts failed',
    `9 of 10 done, 0 on the line | running; ${ASKS}`,
    '10 of 10 done, 0 on the line | completed',
  ]);
});

test('[CG13] where nobody is due it says until when', () => {
  const said: string[] = [];
  const nowMs = Date.parse('2026-11-21T22:00:00Z');
  const waiting = { ...PROGRESS, next_due_at: '2026-11-23T08:00:00.000Z' };
  tell(waiting, (line) => void said.push(line), nowMs);
  expect(said.at(-1)).toMatch(/^nobody is due before Monday.* 23 November 2026/);
  said.length = 0;
  tell({ ...waiting, next_due_at: '2026-11-21T22:00:10.000Z' }, (line) => void said.push(line), nowMs);
  expect(said.join(' ')).not.toContain('nobody');
});
