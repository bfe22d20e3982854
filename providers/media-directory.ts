/**
 * Port: which media hosts live. The processes themselves are the truth: each answers `GET /host` on its internal address
 * (`MEDIA_HOSTS`; a name that resolves to several addresses counts for each), so no store has to be up to place a call.
 */
import type { HostId } from '../domain/ids.ts';

export interface MediaHost {
  hostId: HostId;
  /** Where the network's websocket connects, `{hostId}` filled in, without a token. */
  publicUrl: string;
  /** For control requests inside. */
  internalUrl: string;
  liveCalls: number;
  draining: boolean;
}

export interface MediaDirectory {
  /** A host that answered just now (probed, 300 ms at most), least loaded first; `prefer` if it lives, never one of `avoid`. Null = none lives. */
  choose(wish: { prefer?: HostId | null; avoid?: HostId[] }): Promise<MediaHost | null>;
  all(): Promise<MediaHost[]>;
}
