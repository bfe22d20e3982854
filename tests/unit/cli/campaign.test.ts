import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { campaignCommand } from '../../../cli/campaign.ts';

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
  expect(said).toEqual(['1 contacts added', 'row 3 not taken, phone_number: must be a phone number']);
});

test('[CG6] results come as CSV, as JSON by the name of the file or by wish, and as nothing else', async () => {
  const replies = {
    'GET /campaign/c1/results?format=csv': 'phone_number,state\n+447700900301,done\n',
    'GET /campaign/c1/results?format=json': '[]',
  };
  expect((await run(['results', 'c1'], replies)).said).toEqual(['phone_number,state\n+447700900301,done']);
  expect((await run(['results', 'c1', '--format', 'json'], replies)).said).toEqual(['[]']);
  const place = path.join(folder, 'out.json');
  expect((await run(['results', 'c1', '--out', place], replies)).said).toEqual([]);
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
