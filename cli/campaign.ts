/** `npm run evercall -- campaign …`: campaigns from the command line, through the API alone. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import type { Ask } from './api-door.ts';
import { tell, watch, type Progress, type Say } from './campaign-progress.ts';

export const CAMPAIGN_HELP = `npm run evercall -- campaign <what>

  create FILE                 a campaign as YAML or JSON (name, task, greeting, windows, …); prints its id
  add ID FILE.csv             contacts; every row that was not taken is told
  start ID | pause ID | resume ID | stop ID
  progress ID [--watch]       how far it is; --watch shows a bar until it has ended
  results ID [--out FILE] [--format csv|json]    CSV, or JSON where FILE ends in .json
  zone ID NUMBER ZONE         says where a contact lives whose number does not tell
  list

  --api URL                   another api than the one running here (EVERCALL_API_URL); API_KEYS or EVERCALL_API_KEY is sent

The files and a first campaign, step by step: docs/campaigns.md
`;

export interface CommandDeps {
  say: Say;
  ask: Ask;
}

const OPTIONS = {
  watch: { type: 'boolean', default: false },
  out: { type: 'string' },
  format: { type: 'string' },
  api: { type: 'string' },
} as const;

function parsed(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // The rest of it tells how to write a word that begins with a dash.
    throw new Error(`${(error as Error).message.split('. ')[0] ?? ''}: --help tells what there is`, { cause: error });
  }
}

/** False = that is no command. */
export async function campaignCommand(args: string[], deps: CommandDeps): Promise<boolean> {
  const { values, positionals } = parsed(args);
  const [what = '', first = '', ...rest] = positionals;
  const { say } = deps;
  const at = (): string => `/campaign/${encodeURIComponent(given(first, 'the campaign’s id: list shows them'))}`;
  switch (what) {
    case 'create':
      say(await create(given(first, 'a file: create FILE'), deps));
      return true;
    case 'list':
      await list(deps);
      return true;
    case 'add':
      await add(at(), given(rest[0], 'a file: add ID FILE.csv'), deps);
      return true;
    case 'start':
    case 'pause':
    case 'resume':
    case 'stop':
      tell(await json<Progress>(deps, ['POST', `${at()}/${what}`]), say);
      return true;
    case 'progress': {
      const ask = () => json<Progress>(deps, ['GET', `${at()}/progress`]);
      if (values.watch) await watch(ask, { say });
      else tell(await ask(), say);
      return true;
    }
    case 'results':
      await results(at(), { out: values.out, format: values.format }, deps);
      return true;
    case 'zone': {
      const usage = 'number and time zone: zone ID +447700900123 Europe/London';
      const number = encodeURIComponent(given(rest[0], usage));
      await json(deps, ['PATCH', `${at()}/contacts/${number}`], { zone: given(rest[1], usage) });
      say('noted');
      return true;
    }
    default:
      return false;
  }
}

function given(word: string | undefined, what: string): string {
  if (word === undefined || word === '') throw new Error(`give ${what}`);
  return word;
}

async function json<Reply>({ ask }: CommandDeps, [method, target]: [string, string], body?: object): Promise<Reply> {
  const sent = body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) };
  const response = await ask(method, target, sent);
  return (await response.json()) as Reply;
}

async function create(file: string, deps: CommandDeps): Promise<string> {
  const what = 'a campaign is written as YAML or JSON; contacts, as CSV, are added to it with add ID FILE.csv';
  const text = await textOf(file);
  let written: unknown;
  try {
    written = parseYaml(text);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message.split('\n')[0] ?? ''} (${what})`, { cause: error });
  }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) throw new Error(`${file}: ${what}`);
  return (await json<{ campaign_id: string }>(deps, ['POST', '/campaign'], written)).campaign_id;
}

async function list(deps: CommandDeps): Promise<void> {
  const campaigns = await json<{ campaign_id: string; status: string; name: string }[]>(deps, ['GET', '/campaign']);
  if (campaigns.length === 0) deps.say('there is no campaign yet: create FILE makes one');
  for (const { campaign_id, status, name } of campaigns) deps.say(`${campaign_id}  ${status.padEnd(9)}  ${name}`);
}

async function add(at: string, file: string, { ask, say }: CommandDeps): Promise<void> {
  const response = await ask('POST', `${at}/contacts`, { type: 'text/csv', text: await textOf(file) });
  const told = (await response.json()) as {
    added: number;
    note: string | null;
    merged: { row: number; reason: string }[];
    rejected: { row: number; field: string; reason: string }[];
  };
  for (const { row, reason } of told.merged) say(`row ${row}: ${reason}`);
  for (const { row, field, reason } of told.rejected) say(`row ${row} not taken, ${field}: ${reason}`);
  const others = [
    told.merged.length === 0 ? null : `${told.merged.length} merged`,
    told.rejected.length === 0 ? null : `${told.rejected.length} not taken`,
  ].filter((part) => part !== null);
  const sum = [`${told.added} contacts added`, ...others].join(', ');
  if (told.added + told.merged.length === 0 && told.rejected.length > 0) throw new Error(sum);
  say(sum);
  if (told.note != null) say(told.note);
}

async function results(
  at: string,
  {
    out,
    format = out?.endsWith('.json') === true ? 'json' : 'csv',
  }: { out: string | undefined; format: string | undefined },
  { ask, say }: CommandDeps,
): Promise<void> {
  if (format !== 'csv' && format !== 'json') throw new Error(`results come as csv or json, not as ${format}`);
  const text = await (await ask('GET', `${at}/results?format=${format}`)).text();
  if (out === undefined) {
    say(text.trimEnd());
    return;
  }
  await writeFile(out, text).catch((error: unknown) => {
    throw fileError(out, error);
  });
  say(`written to ${out}`);
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(file, error);
  });
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'that is a folder',
  EACCES: 'it may not be opened',
};

function fileError(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Error(`${file}: ${FILE_PROBLEMS[code] ?? String(error)}`, { cause: error });
}
