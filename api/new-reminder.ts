/** A reminder as a request says it → what its workflow begins with. */
import { hoursOfCountry, type CallingHours } from '../domain/calling-hours.ts';
import { allowedAtMs, wallClockMs } from '../domain/due.ts';
import { asCallbackId, asE164, type E164 } from '../domain/ids.ts';
import { dateFrom } from '../providers/spoken-dates.ts';
import { countryOfNumber, customerZone, zonesFor } from '../providers/time-zones.ts';
import type { CallbackInput } from '../workflows/callback/messages.ts';
import { diallable } from './dialling.ts';
import { initiateOf } from './initiate-body.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField } from './problems.ts';
import type { ReminderRequestBody } from './reminder-schemas.ts';

const HAS_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function newReminder(ports: ApiPorts, { id, body }: { id: string; body: ReminderRequestBody }): CallbackInput {
  const { settings } = ports;
  const nowMs = ports.nowMs();
  const customerNumber: E164 = asE164(diallable('phone_number', body.phone_number, settings));
  const initiate = initiateOf(body, settings);
  const zone = body.zone ?? customerZone(customerNumber, nowMs);
  const dueAtMs = dueFrom(body.due_date_time, { zone, language: initiate.language, nowMs });
  if (dueAtMs <= nowMs) throw invalidField('due_date_time', 'must lie ahead');
  if (zone === null && (body.recurrence !== undefined || (body.owner !== 'human' && !body.exact)))
    throw invalidField('zone', UNKNOWN_ZONE);
  if (body.owner !== 'human' && body.windows !== undefined)
    mustMeet(body.windows, { number: customerNumber, zone, dueAtMs, settings });
  return {
    callbackId: asCallbackId(id),
    numberKey: ports.numberKey(customerNumber),
    customerNumber,
    botNumber: settings.botNumber,
    initiate,
    title: body.title,
    description: body.description,
    words: body.words ?? null,
    dueAtMs,
    fromCallId: null,
    createdAtMs: nowMs,
    resumeWithinMs: ports.flags.current().callback_timeout_hour * 3_600_000,
    owner: body.owner,
    channel: body.channel,
    zone,
    exact: body.exact,
    hours: body.windows ?? null,
    rule: body.recurrence ?? null,
  };
}

/** [CB27] Hours at which nobody may ever be rung would be a promise that cannot be kept. */
function mustMeet(
  own: CallingHours,
  {
    number,
    zone,
    dueAtMs,
    settings,
  }: { number: E164; zone: string | null; dueAtMs: number; settings: ApiPorts['settings'] },
): void {
  const country = countryOfNumber(number);
  const rules = [hoursOfCountry(country, settings.hoursByCountry), own];
  const zones = zonesFor(number, zone);
  if (allowedAtMs(dueAtMs, { zones, rules, promisedAtMs: null }) !== null) return;
  throw invalidField('windows', `never meet the calling hours of ${country ?? 'the customer’s country'}`);
}

const UNKNOWN_ZONE = 'must be given: the number does not tell in which time zone the customer is';

/** [CB24] Null = it is not one by itself: it goes by somebody's clock. */
export function momentIn(text: string): number | null {
  const shaped = HAS_OFFSET.exec(text);
  if (shaped === null) return null;
  const atMs = Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March, and 24:00 for the next midnight.
  const exists = wallClockMs(shaped[1] ?? '', 'Etc/UTC') !== null && !Number.isNaN(atMs);
  if (!exists) throw invalidField('due_date_time', 'there is no such day or time of day');
  return atMs;
}

/** [CB12] A moment, a time on the customer's clock, or words. */
export function dueFrom(text: string, where: { zone: string | null; language: string; nowMs: number }): number {
  const momentMs = momentIn(text);
  if (momentMs !== null) return momentMs;
  const { zone, language, nowMs } = where;
  if (zone === null) throw invalidField('zone', UNKNOWN_ZONE);
  const context = { zone, nowMs, direction: 'future' } as const;
  const atMs =
    wallClockMs(text, zone) ??
    (dateFrom(text, { ...context, language }) ?? dateFrom(text, { ...context, language: 'en' }))?.atMs;
  if (atMs === undefined)
    throw invalidField(
      'due_date_time',
      'must be a moment like 2026-11-26T10:00:00+01:00, or words like “tomorrow at ten”',
    );
  return atMs;
}
