/** What the api is built from. `main.ts` composes the real ones, tests their own. */
import type { CallingHours } from '../domain/calling-hours.ts';
import type { CallId, ConnectId, E164, NumberKey } from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import type { FlagReader } from '../providers/flag-reader.ts';
import type { MediaDirectory } from '../providers/media-directory.ts';
import type { PhoneDoor } from '../providers/phone-door.ts';
import type { SmsDoor } from '../providers/sms.ts';
import type { Store } from '../providers/store.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { CreationLedger } from '../providers/campaigns.ts';
import type { CallDoor } from './call-door.ts';
import type { CampaignDoor } from './campaign-door.ts';
import type { HistoryDoor } from './history-door.ts';

export interface VendorState {
  name: string;
  is: 'real' | 'stand-in' | 'absent';
  /** Absent is a fault for these. */
  needed: boolean;
}

export interface ApiSettings {
  /** Where the phone network and readers reach us, without a trailing slash. */
  publicUrl: string;
  apiKeys: string[];
  /** Webhooks carry a signature that is checked. */
  webhooksSigned: boolean;
  reportLinkSecret: string;
  allowedPrefixes: string[];
  /** For numbers written without a country. */
  defaultCountry: string;
  /** The network's own limit on new legs. */
  creationsPerSecond: number;
  /** When customers may be rung; shipped hours where none are given. */
  hoursByCountry: Readonly<Record<string, CallingHours>>;
  /** In which times are shown. */
  zone: string;
  /** What outbound calls show. */
  botNumber: E164;
  defaults: Initiate;
  numbers: { number: E164; initiate: Initiate }[];
  languages: string[];
  links: { temporalUi: string | null; softphone: string | null };
  vendors: VendorState[];
}

export interface ApiPorts {
  calls: CallDoor;
  campaigns: CampaignDoor;
  histories: HistoryDoor;
  /** The account's budget of new legs: what the api connects is noted there. */
  creations: Pick<CreationLedger, 'note'>;
  store: Store;
  phone: PhoneDoor;
  /** Where text messages come in, each vendor's at its own address; `<path>/status` tells what became of ours. */
  texts: { path: string; door: SmsDoor }[];
  media: MediaDirectory;
  flags: FlagReader;
  nowMs: () => number;
  log: Logger;
  /** A new token for each connect, from a cryptographic source. */
  mintMediaToken: (callId: CallId, usableForMs: number) => { token: string; connectId: ConnectId };
  numberKey: (number: E164) => NumberKey;
  settings: ApiSettings;
  /** Null or absent where nobody traces. */
  tracing?: Tracing | null;
}

/** What a call to or from this number of ours is about. */
export function initiateFor(settings: ApiSettings, number: string): Initiate {
  return settings.numbers.find((entry) => entry.number === number)?.initiate ?? settings.defaults;
}
