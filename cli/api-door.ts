/** The API as the command line asks it. */
import path from 'node:path';
import { loadDotEnv } from '../local/dot-env.ts';
import { dataFolder, withoutBlanks } from '../local/plan.ts';
import { runningSystem } from '../local/run-file.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Asks the API; a problem becomes an error with its detail. */
export type Ask = (method: string, path: string, body?: { type: string; text: string }) => Promise<Response>;

/** Where the API is: as asked, else the one running on this machine. */
export function apiAt(env: NodeJS.ProcessEnv, args: string[]): { url: string; key: string | null } {
  const given = args.findIndex((arg) => arg === '--api' || arg.startsWith('--api='));
  const asked = given === -1 ? undefined : (/^--api=(.*)$/.exec(args[given] ?? '')?.[1] ?? args[given + 1]);
  const url = asked ?? env['EVERCALL_API_URL'];
  const key = env['EVERCALL_API_KEY'] ?? env['API_KEYS']?.split(',')[0] ?? null;
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new Error(`--api ${url}: give an address like http://127.0.0.1:8080`);
    return { url, key };
  }
  const running = runningSystem(dataFolder(env, root));
  if (running?.ready !== true) throw new Error('nothing is running here: npm start, or say where with --api URL');
  return { url: running.urls.api, key };
}

export function asking({ url, key }: { url: string; key: string | null }): Ask {
  return async (method, target, body) => {
    const response = await fetch(new URL(target, url), {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined ? {} : { body: body.text }),
    }).catch((error: unknown) => {
      throw new Error(`nothing answers at ${url}${codeOf(error)}`, { cause: error });
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    if (response.status === 401 && key === null)
      throw new Error(`${url} wants a key: set API_KEYS or EVERCALL_API_KEY to one of its keys`);
    throw new Error(problem.detail ?? `${method} ${target}: ${response.status}`);
  };
}

function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
}

export function cliEnvironment(): NodeJS.ProcessEnv {
  loadDotEnv(root);
  return withoutBlanks(process.env);
}
