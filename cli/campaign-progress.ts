/** How far a campaign is, in words or as a bar. */
import { setTimeout as pause } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  status: string;
  reason: string | null;
  contacts: number | null;
  by_state: Record<string, number>;
  by_disposition: Record<string, number>;
  attempts: number;
  next_due_at: string | null;
  waiting_for: string | null;
  asks: string | null;
}

export type Say = (line: string) => void;

const LOOK_MS = 1_000;
/** A restart of the api takes less. */
const AWAY_MS = 60_000;
/** What is due sooner is under way. */
const SOON_MS = 60_000;

export function tell(progress: Progress, say: Say, nowMs = Date.now()): void {
  const { status, reason, contacts, by_state, by_disposition, attempts, asks, waiting_for } = progress;
  say(`${status}${reason === null ? '' : `: ${reason}`}`);
  if (waiting_for !== null) say(inWords(waiting_for));
  say(
    contacts === null
      ? `${attempts} attempts`
      : `${by_state['done'] ?? 0} of ${contacts} contacts done, ${by_state['in_flight'] ?? 0} on the line, ${attempts} attempts`,
  );
  for (const [disposition, count] of Object.entries(by_disposition))
    say(`  ${disposition.replaceAll('_', ' ')}: ${count}`);
  const next = nextInWords(progress, nowMs);
  if (next !== null) say(next);
  if (asks !== null) say(asks);
}

const WAITING: Readonly<Record<string, string>> = {
  store: 'it waits for the store, and goes on by itself',
  workers: 'it waits for the workers, and goes on by itself',
  places: 'all calls that campaigns may hold are under way: it goes on by itself when one ends',
  configuration: 'the configuration leaves campaigns no call',
};

const inWords = (waitingFor: string): string => WAITING[waitingFor] ?? `it waits: ${waitingFor}`;

/** Null = nobody waits for an hour. */
function nextInWords({ status, next_due_at }: Progress, nowMs: number): string | null {
  const atMs = Date.parse(next_due_at ?? '');
  if (status !== 'running' || Number.isNaN(atMs) || atMs <= nowMs + SOON_MS) return null;
  return `nobody is due before ${new Date(atMs).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'short' })}: calling hours, or the next try`;
}

const isOver = ({ status }: Progress): boolean => status === 'completed' || status === 'stopped';

export interface Watching {
  say: Say;
  onScreen?: boolean;
  screen?: NodeJS.WritableStream;
  lookMs?: number;
}

/** Until it has ended. On a screen as a bar, elsewhere as a line for each change. */
export async function watch(
  ask: () => Promise<Progress>,
  { say, onScreen = process.stdout.isTTY, screen = process.stderr, lookMs = LOOK_MS }: Watching,
): Promise<void> {
  const patient = patiently(ask, lookMs);
  let progress = await patient();
  if (progress.status === 'draft') say('it has not begun: start it, here it will be seen');
  const shown = onScreen ? asBar(say, screen) : asLines(say);
  try {
    while (!isOver(progress)) {
      shown.show(progress);
      await pause(lookMs);
      progress = await patient();
    }
    shown.show(progress);
  } finally {
    shown.end();
  }
  tell(progress, say);
}

/** An api that is away for a moment ends nothing. */
function patiently(ask: () => Promise<Progress>, lookMs: number): () => Promise<Progress> {
  let seenAtMs = 0;
  return async () => {
    for (;;) {
      try {
        const progress = await ask();
        seenAtMs = Date.now();
        return progress;
      } catch (error) {
        if (Date.now() - seenAtMs > AWAY_MS) throw error;
        await pause(lookMs);
      }
    }
  };
}

interface Shown {
  show(progress: Progress): void;
  end(): void;
}

const doneOf = ({ by_state }: Progress): number => by_state['done'] ?? 0;
/** [CG18] Why it stands still, and what it needs from a person. */
const notices = ({ reason, waiting_for, asks }: Progress): string[] =>
  [reason, waiting_for === null ? null : inWords(waiting_for), asks].filter((each) => each !== null);

/** What may be longer than the screen is wide is said in lines of its own, above the bar. */
function asBar(say: Say, screen: NodeJS.WritableStream): Shown {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% | {value}/{total} contacts | {live} on the line | {status}',
      stopOnComplete: false,
      stream: screen,
    },
    Presets.shades_classic,
  );
  let told = '';
  let total = 0;
  const words = (progress: Progress): object => ({
    live: progress.by_state['in_flight'] ?? 0,
    status: [progress.status, nextInWords(progress, Date.now())].filter((word) => word !== null).join(', '),
  });
  return {
    show(progress) {
      const lines = notices(progress);
      if (lines.join() !== told) {
        bar.stop();
        for (const line of lines) say(line);
        told = lines.join();
      }
      total = progress.contacts ?? total;
      if (!bar.isActive) bar.start(total, doneOf(progress), words(progress));
      bar.setTotal(total);
      if (progress.contacts === null) bar.update(words(progress));
      else bar.update(doneOf(progress), words(progress));
    },
    end: () => {
      bar.stop();
    },
  };
}

function asLines(say: Say): Shown {
  let last = '';
  return {
    show(progress) {
      const line = `${doneOf(progress)} of ${progress.contacts ?? '?'} done, ${progress.by_state['in_flight'] ?? 0} on the line | ${[progress.status, ...notices(progress)].join('; ')}`;
      if (line !== last) say(line);
      last = line;
    },
    end: () => undefined,
  };
}
