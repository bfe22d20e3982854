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
  if (waiting_for !== null) say(`it waits for the ${waiting_for}, and goes on by itself`);
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

/** Null = nobody waits for an hour. */
function nextInWords({ status, next_due_at }: Progress, nowMs: number): string | null {
  const atMs = Date.parse(next_due_at ?? '');
  if (status !== 'running' || Number.isNaN(atMs) || atMs <= nowMs + SOON_MS) return null;
  return `nobody is due before ${new Date(atMs).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'short' })}: calling hours, or the next try`;
}

const isOver = ({ status }: Progress): boolean => status === 'completed' || status === 'stopped';

/** Until it has ended. On a screen as a bar, elsewhere as a line for each change. */
export async function watch(
  ask: () => Promise<Progress>,
  { say, onScreen = process.stdout.isTTY }: { say: Say; onScreen?: boolean },
): Promise<void> {
  const patient = patiently(ask);
  let progress = await patient();
  if (progress.status === 'draft') say('it has not begun: start it, here it will be seen');
  const shown = onScreen ? asBar(progress) : asLines(say);
  try {
    while (!isOver(progress)) {
      shown.show(progress);
      await pause(LOOK_MS);
      progress = await patient();
    }
    shown.show(progress);
  } finally {
    shown.end();
  }
  tell(progress, say);
}

/** An api that is away for a moment ends nothing. */
function patiently(ask: () => Promise<Progress>): () => Promise<Progress> {
  let seenAtMs = 0;
  return async () => {
    for (;;) {
      try {
        const progress = await ask();
        seenAtMs = Date.now();
        return progress;
      } catch (error) {
        if (Date.now() - seenAtMs > AWAY_MS) throw error;
        await pause(LOOK_MS);
      }
    }
  };
}

interface Shown {
  show(progress: Progress): void;
  end(): void;
}

const doneOf = ({ by_state }: Progress): number => by_state['done'] ?? 0;
const standing = ({ status, waiting_for }: Progress): string =>
  waiting_for === null ? status : `waits for the ${waiting_for}`;

function asBar(first: Progress): Shown {
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {value}/{total} contacts | {live} on the line | {status}', stopOnComplete: false },
    Presets.shades_classic,
  );
  const words = (progress: Progress): object => ({
    live: progress.by_state['in_flight'] ?? 0,
    status: [standing(progress), nextInWords(progress, Date.now())].filter((word) => word !== null).join(', '),
  });
  bar.start(first.contacts ?? 0, doneOf(first), words(first));
  return {
    show(progress) {
      if (progress.contacts === null) return bar.update(words(progress));
      bar.setTotal(progress.contacts);
      bar.update(doneOf(progress), words(progress));
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
      const line = `${standing(progress)}: ${doneOf(progress)} of ${progress.contacts ?? '?'} done, ${progress.by_state['in_flight'] ?? 0} on the line`;
      if (line !== last) say(line);
      last = line;
    },
    end: () => undefined,
  };
}
