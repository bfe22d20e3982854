/** The media hosts that answer now: each address asked afresh, so nothing has to remember who lives. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { asHostId, type HostId } from '../domain/ids.ts';
import type { MediaDirectory, MediaHost } from './media-directory.ts';

/** Inside one machine or cluster an answer takes 1-5 ms; the whole answer webhook has 5 s. */
const PROBE_MS = 300;

/** `addresses` as in MEDIA_HOSTS; a name that resolves to several counts for each. */
export function createMediaDirectory(addresses: string[]): MediaDirectory {
  const look = async (): Promise<MediaHost[]> => {
    const each = (await Promise.all(addresses.map(everyAddress))).flat();
    const hosts = (await Promise.all(each.map(probe))).filter((host) => host !== null);
    return [...new Map(hosts.map((host) => [host.hostId, host])).values()];
  };
  let looking: Promise<MediaHost[]> | null = null;
  /** Those who ask while a look is under way share it: calls come in bursts, and a host that is asked by each of them is slow to answer any. */
  const all = (): Promise<MediaHost[]> =>
    (looking ??= look().finally(() => {
      looking = null;
    }));
  return {
    all,
    async choose({ prefer = null, avoid = [] }) {
      const living = (await all()).filter((host) => !host.draining && !avoid.includes(host.hostId));
      const preferred = living.find((host) => host.hostId === prefer);
      return preferred ?? living.sort((one, other) => one.liveCalls - other.liveCalls)[0] ?? null;
    },
  };
}

async function everyAddress(address: string): Promise<string[]> {
  const url = new URL(address);
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 || url.hostname === 'localhost') return [address];
  try {
    const found = await lookup(url.hostname, { all: true });
    return found.map(({ address: ip, family }) => {
      const one = new URL(address);
      one.hostname = family === 6 ? `[${ip}]` : ip;
      return one.origin;
    });
  } catch {
    // A name that resolves to nothing has no host alive behind it.
    return [];
  }
}

async function probe(address: string): Promise<MediaHost | null> {
  try {
    const reply = await fetch(new URL('/host', address), { signal: AbortSignal.timeout(PROBE_MS) });
    if (!reply.ok) return null;
    return hostFrom(await reply.json(), address);
  } catch {
    // Refused, reset or silent: the host does not live.
    return null;
  }
}

function hostFrom(said: unknown, internalUrl: string): MediaHost | null {
  const { hostId, publicUrl, liveCalls, draining } = said as {
    hostId?: unknown;
    publicUrl?: unknown;
    liveCalls?: unknown;
    draining?: unknown;
  };
  if (typeof hostId !== 'string' || typeof publicUrl !== 'string' || typeof liveCalls !== 'number') return null;
  const id: HostId = asHostId(hostId);
  return { hostId: id, publicUrl, internalUrl: internalUrl.replace(/\/$/, ''), liveCalls, draining: draining === true };
}
