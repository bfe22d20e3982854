import { Vonage } from '@vonage/server-sdk';

export interface VonageAccount {
  apiKey: string;
  apiSecret: string;
  applicationId: string;
  /** PEM text. */
  privateKey: string;
  /** Another address than Vonage's own; null = https://api.nexmo.com. */
  apiUrl: string | null;
}

/** The SDK has no timeout of its own. Vonage answers within a second; its webhooks for a call may come before this reply. */
const REQUEST_MS = 5_000;

export function vonageClient(account: VonageAccount, options: { apiHost?: string; timeoutMs?: number } = {}): Vonage {
  const { apiKey, apiSecret, applicationId, privateKey } = account;
  const apiHost = options.apiHost ?? account.apiUrl;
  return new Vonage(
    { apiKey, apiSecret, applicationId, privateKey },
    { timeout: options.timeoutMs ?? REQUEST_MS, ...(apiHost === null ? {} : { apiHost }) },
  );
}

/**
 * Where to control a leg: calls live in one region, and others answer 404. The request carries our token, so it goes to Vonage's own hosts
 * or to the configured address only; behind a configured address of somebody else's, regions mean nothing.
 */
export function controlHost(account: Pick<VonageAccount, 'apiUrl'>, regionUrl: string | null): string | null {
  if (regionUrl === null || !URL.canParse(regionUrl)) return account.apiUrl;
  const region = new URL(regionUrl);
  if (account.apiUrl !== null && new URL(account.apiUrl).origin === region.origin) return account.apiUrl;
  const ownAddress = account.apiUrl === null || isVonage(new URL(account.apiUrl));
  return ownAddress && isVonage(region) ? region.origin : account.apiUrl;
}

const isVonage = (url: URL): boolean => url.protocol === 'https:' && /(^|\.)(nexmo|vonage)\.com$/.test(url.hostname);
