/** Signed, expiring links to reports: for readers without a key. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Long enough to read it next week, short enough that a forwarded link dies. */
const VALID_MS = 14 * 24 * 3_600_000;

export interface ReportLinks {
  /** The path, such as `/report/call/…`, with its signature. */
  path(path: string, nowMs: number): string;
  /** The same as an address for others. */
  sign(path: string, nowMs: number): string;
  verify(path: string, query: { expires: string | undefined; signature: string | undefined }, nowMs: number): boolean;
}

export function createReportLinks(publicUrl: string, secret: string): ReportLinks {
  const mac = (path: string, expires: string): Buffer =>
    createHmac('sha256', secret).update(`${path}\n${expires}`).digest();
  const signed = (path: string, nowMs: number): string => {
    // To the hour, so that a page reloaded shows the same link.
    const expires = String(Math.ceil((nowMs + VALID_MS) / 3_600_000) * 3_600);
    return `${path}?expires=${expires}&signature=${mac(path, expires).toString('base64url')}`;
  };
  return {
    path: signed,
    sign: (path, nowMs) => publicUrl + signed(path, nowMs),
    verify(path, { expires, signature }, nowMs) {
      if (expires === undefined || signature === undefined || !/^\d{1,12}$/.test(expires)) return false;
      const given = Buffer.from(signature, 'base64url');
      const expected = mac(path, expires);
      return given.length === expected.length && timingSafeEqual(given, expected) && Number(expires) * 1000 > nowMs;
    },
  };
}
