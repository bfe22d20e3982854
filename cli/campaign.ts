/** `npm run evercall -- campaign …`: campaigns from the command line, through the API alone. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { parse as parseYaml } from 'yaml';
import { loadDotEnv } from '../local/dot-env.ts';
import { dataFolder, withoutBlanks } from '../local/plan.ts';
import { runningSystem } from '../local/run-file.ts';

const root = path.resolve(import.meta.dirname, '..');
const LOOK_MS = 1_000;

export const CAMPAIGN_HELP = `npm run evercall -- campaign <what>

  create FILE                 a campaign as YAML or JSON (name, task, greeting, windows, …); prints its id
  add ID FILE.csv             contacts; every row that was not taken is told
  start ID | pause ID | resume ID | stop ID
  progress ID [--watch]       how far it is; --watch shows a bar until it has ended
  results ID [--out FILE] [--format csv|json]    CSV, or JSON where FILE ends in .json
  zone ID NUMBER ZONE         says where a contact lives whose number does not tell
  list

  --api URL                   another api than the one running here (EVERCALL_API_URL); API_KEYS or EVERCALL_API_KEY is sent
`;

interface Progress {
  status: string;
  reason: string | null;
  contacts: number | null;
  by_state: Record<string, number>;
  by_disposition: Record<string, number>;
  attempts: number;
  waiting_for: string | null;
  asks: string | null;
}

export interface CommandDeps {
  say: (line: string) => void;
  /** Asks the API; a problem becomes an error with its detail. */
  ask: (method: string, path: string, body?: { type: string; text: string }) => Promise<Response>;
}

/** False = that is no command. */
export async function campaignCommand(args: string[], deps: CommandDeps): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      watch: { type: 'boolean', default: false },
      out: { type: 'string' },
      format: { type: 'string' },
      api: { type: 'string' },
    },
  });
  const [what = '', id = '', ...rest] = positionals;
  const at = `/campaign/${encodeURIComponent(id)}`;
  switch (what) {
    case 'create':
      deps.say(await create(id, deps));
      return true;
    case 'list':
      for (const each of await json<{ campaign_id: string; status: string; name: string }[]>(deps, [
        'GET',
        '/campaign',
      ]))
        deps.say(`${each.campaign_id}  ${each.status.padEnd(9)}  ${each.name}`);
      return true;
    case 'add':
      await add(at, rest[0] ?? '', deps);
      return true;
    case 'start':
    case 'pause':
    case 'resume':
    case 'stop':
      tell(await json<Progress>(deps, ['POST', `${at}/${what}`]), deps.say);
      return true;
    case 'progress':
      if (values.watch) await watch(at, deps);
      else tell(await json<Progress>(deps, ['GET', `${at}/progress`]), deps.say);
      return true;
    case 'results':
      await results(at, { out: values.out, format: values.format }, deps);
      return true;
    case 'zone':
      await json(deps, ['PATCH', `${at}/contacts/${encodeURIComponent(rest[0] ?? '')}`], { zone: rest[1] ?? '' });
      deps.say('noted');
      return true;
    default:
      return false;
  }
}

async function json<Reply>({ ask }: CommandDeps, [method, target]: [string, string], body?: object): Promise<Reply> {
  const sent = body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) };
  const response = await ask(method, target, sent);
  return (await response.json()) as Reply;
}

async function create(file: string, deps: CommandDeps): Promise<string> {
  const written = parseYaml(await readFile(file, 'utf8')) as object;
  return (await json<{ campaign_id: string }>(deps, ['POST', '/campaign'], written)).campaign_id;
}

async function add(at: string, file: string, { ask, say }: CommandDeps): Promise<void> {
  const response = await ask('POST', `${at}/contacts`, { type: 'text/csv', text: await readFile(file, 'utf8') });
  const told = (await response.json()) as {
    added: number;
    merged: { row: number; reason: string }[];
    rejected: { row: number; field: string; reason: string }[];
  };
  say(`${told.added} contacts added`);
  for (const { row, reason } of told.merged) say(`row ${row}: ${reason}`);
  for (const { row, field, reason } of told.rejected) say(`row ${row} not taken, ${field}: ${reason}`);
}

function tell(progress: Progress, say: (line: string) => void): void {
  const { status, reason, contacts, by_state, by_disposition, attempts, asks, waiting_for } = progress;
  say(`${status}${reason === null ? '' : `: ${reason}`}`);
  if (waiting_for !== null) say(`it waits for the ${waiting_for}, and goes on by itself`);
  say(
    contacts === null
      ? `${attempts} attempts`
      : `${by_state['done'] ?? 0} of ${contacts} contacts done, ${by_state['in_flight'] ?? 0} on the line, ${attempts} attempts`,
  );
  for (const [disposition, count] of Object.entries(by_disposition))
    say(`  ${disposition.replaceAll('_', ' ')}: ${count}`);
  if (asks !== null) say(asks);
}

async function watch(at: string, deps: CommandDeps): Promise<void> {
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {value}/{total} contacts | {live} on the line | {status}', stopOnComplete: false },
    Presets.shades_classic,
  );
  let progress = await json<Progress>(deps, ['GET', `${at}/progress`]);
  const shown = (): object => ({
    live: progress.by_state['in_flight'] ?? 0,
    status: progress.waiting_for === null ? progress.status : `waits for the ${progress.waiting_for}`,
  });
  bar.start(progress.contacts ?? 0, progress.by_state['done'] ?? 0, shown());
  while (progress.status !== 'completed' && progress.status !== 'stopped') {
    await pause(LOOK_MS);
    progress = await json<Progress>(deps, ['GET', `${at}/progress`]);
    if (progress.contacts === null) bar.update(shown());
    else {
      bar.setTotal(progress.contacts);
      bar.update(progress.by_state['done'] ?? 0, shown());
    }
  }
  bar.stop();
  tell(progress, deps.say);
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
  if (out === undefined) say(text.trimEnd());
  else await writeFile(out, text);
}

/** Where the API is: as asked, else the one running on this machine. */
export function apiAt(env: NodeJS.ProcessEnv, args: string[]): { url: string; key: string | null } {
  const given = args.indexOf('--api');
  const url = (given === -1 ? undefined : args[given + 1]) ?? env['EVERCALL_API_URL'];
  const key = env['EVERCALL_API_KEY'] ?? env['API_KEYS']?.split(',')[0] ?? null;
  if (url !== undefined) return { url, key };
  const running = runningSystem(dataFolder(env, root));
  if (running?.ready !== true) throw new Error('nothing is running here: npm start, or say where with --api URL');
  return { url: running.urls.api, key };
}

export function asking({ url, key }: { url: string; key: string | null }): CommandDeps['ask'] {
  return async (method, target, body) => {
    const response = await fetch(new URL(target, url), {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined ? {} : { body: body.text }),
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(problem.detail ?? `${method} ${target}: ${response.status}`);
  };
}

export function cliEnvironment(): NodeJS.ProcessEnv {
  loadDotEnv(root);
  return withoutBlanks(process.env);
}
