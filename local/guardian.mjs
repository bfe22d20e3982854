// Outlives whoever started it by a moment, to end what that one left behind: on Linux and macOS alike a child of a
// process killed with -9 simply goes on. Reads "+pid" and "-pid" lines; the end of its input is the death it waits for.
// The processes it is told of lead their own groups, so that their own children end with them.
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

/** The promise is "within a couple of seconds": one for a clean end, then force. */
const POLITE_MS = 1_000;
const watched = new Set();

function send(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function endAll() {
  for (const pid of watched) send(pid, 'SIGTERM');
  const deadline = Date.now() + POLITE_MS;
  while (Date.now() < deadline && [...watched].some((pid) => send(pid, 0))) await wait(50);
  for (const pid of watched) send(pid, 'SIGKILL');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (!Number.isInteger(pid) || pid <= 1) continue;
  if (line.startsWith('+')) watched.add(pid);
  else watched.delete(pid);
}
await endAll();
