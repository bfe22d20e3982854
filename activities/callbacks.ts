/** What a promise needs to know of the world: where the customer is, when they may be rung, and a text message sent once. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { hoursOfCountry, type CallingHours } from '../domain/calling-hours.ts';
import { allowedByCountryMs } from '../domain/due.ts';
import type { E164 } from '../domain/ids.ts';
import { nextOccurrence, recurrenceFrom } from '../domain/recurrence.ts';
import type { OptOutStore } from '../providers/campaigns.ts';
import { countryOfNumber, zonesFor } from '../providers/time-zones.ts';
import { withFailures } from './failures.ts';
import { sendOnce, type SmsOnceDeps } from './sms-once.ts';

export interface CallbackDeps extends SmsOnceDeps {
  optOuts: Pick<OptOutStore, 'isOptedOut'>;
  hoursByCountry: Readonly<Record<string, CallingHours>>;
  /** IANA, where neither the number nor anybody tells it. */
  defaultZone: string;
}

export type CallbackActivities = ReturnType<typeof createCallbackActivities>;

export function createCallbackActivities(deps: CallbackDeps) {
  const zonesOr = (zone: string | null, number: E164): string[] => {
    const zones = zonesFor(number, zone);
    return zones.length === 0 ? [deps.defaultZone] : zones;
  };
  return withFailures({
    async placeCallback(asked: {
      customerNumber: E164;
      zone: string | null;
      hours: CallingHours | null;
      promisedAtMs: number | null;
      nowMs: number;
    }): Promise<{ atMs: number | null; optedOut: boolean }> {
      const { customerNumber, zone, hours, promisedAtMs, nowMs } = asked;
      const country = hoursOfCountry(countryOfNumber(customerNumber), deps.hoursByCountry);
      const place = { zones: zonesOr(zone, customerNumber), country, own: hours, promisedAtMs };
      // The customer asked for this call: a store that is away does not keep us from it.
      const optedOut = await deps.optOuts.isOptedOut(customerNumber).catch((error: unknown) => {
        deps.log.warn({ err: error }, 'the opt-outs could not be looked up');
        return false;
      });
      return { atMs: allowedByCountryMs(nowMs, place), optedOut };
    },
    nextTime(asked: {
      rule: string;
      zone: string | null;
      customerNumber: E164;
      startAtMs: number;
      afterMs: number;
    }): Promise<{ atMs: number | null }> {
      const read = recurrenceFrom(asked.rule);
      if (!read.ok) throw ApplicationFailure.create({ type: 'bad_request', nonRetryable: true, message: read.reason });
      const zone = zonesOr(asked.zone, asked.customerNumber)[0] ?? deps.defaultZone;
      const { startAtMs, afterMs } = asked;
      return Promise.resolve({ atMs: nextOccurrence({ rule: read.rule, zone, startAtMs }, afterMs) });
    },
    async sendReminder(message: {
      from: E164;
      to: E164;
      text: string;
      idempotencyKey: string;
    }): Promise<{ sent: 'sent' | 'perhaps' }> {
      return { sent: await sendOnce(deps, message, activityInfo().attempt) };
    },
  });
}
