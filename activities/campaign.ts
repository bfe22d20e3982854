/** Beginning a campaign's attempts. The contact is taken before its line is asked, and every id follows from it: a repeat rings nobody twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CallingHours } from '../domain/calling-hours.ts';
import type { AttemptResult, CampaignSettings, CampaignStatus } from '../domain/campaign.ts';
import { optedOut, readiness, taken } from '../domain/campaign-contact.ts';
import { disclosureFor, type CountryPhrases } from '../domain/disclosure.ts';
import {
  asAttemptId,
  asCallId,
  asContactId,
  asE164,
  type AttemptId,
  type CallId,
  type CampaignId,
  type ContactId,
  type E164,
  type NumberKey,
} from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import { COST_OF_DIAL } from '../domain/pacing.ts';
import { fillTemplate } from '../domain/template.ts';
import { callIdFrom } from '../providers/call-ids.ts';
import type { CampaignStore, ContactDocument, CreationLedger, OptOutStore } from '../providers/campaigns.ts';
import type { Logger } from '../telemetry/log.ts';
import type { OpenCallOutcome } from '../workflows/line/messages.ts';
import { heartbeats } from './beating.ts';
import type { OpenLineInput } from './lines.ts';

export interface CampaignDeps {
  openLine: (ask: OpenLineInput) => Promise<OpenCallOutcome>;
  /** As its workflow says at this moment; null = it has ended. */
  statusOf: (campaignId: CampaignId) => Promise<CampaignStatus | null>;
  /** In force everywhere: what the workflow's own clock said when it asked may be hours old. */
  nowMs: () => number | Promise<number>;
  campaigns: CampaignStore;
  optOuts: OptOutStore;
  creations: CreationLedger;
  numberKey: (number: E164) => NumberKey;
  resumeWithinMs: () => number;
  /** Calls at once that the whole house can carry, less what is kept free for who rings in. */
  callsForCampaigns: number;
  hoursByCountry: Readonly<Record<string, CallingHours>>;
  phrasesByCountry: Readonly<Record<string, CountryPhrases>>;
  log: Logger;
}

export interface DialContactsInput {
  campaignId: CampaignId;
  /** Unlike any other of this campaign; the same when the activity is repeated. */
  batchId: string;
  settings: CampaignSettings;
  limit: number;
  /** As the campaign stood when it asked; it may have been paused or stopped since. */
  status?: CampaignStatus;
  /** No attempt is begun after this. */
  forMs: number;
}

export interface DialContactsOutcome {
  started: { contactId: ContactId; attemptId: AttemptId; callId: CallId; sinceMs: number }[];
  /** Of those started: whose line said no. */
  ended: AttemptResult[];
  /** Every place is taken or the account makes no leg at the moment. */
  full: boolean;
  /** When the next contact is due; null = none is pending. */
  nextDueAtMs: number | null;
  /** Counted where nobody is pending; null = not counted. */
  needsZone: number | null;
}

export type CampaignActivities = ReturnType<typeof createCampaignActivities>;

const LOOKED_AT_ONCE = 50;
const HEARTBEAT_MS = 2_000;

export function createCampaignActivities(deps: CampaignDeps) {
  return {
    async dialContacts(input: DialContactsInput): Promise<DialContactsOutcome> {
      using _beating = heartbeats(HEARTBEAT_MS);
      return await new Batch(deps, input, await deps.nowMs()).run();
    },
  };
}

class Batch {
  readonly #deps: CampaignDeps;
  readonly #input: DialContactsInput;
  readonly #begunAtMs: number;
  readonly #sinceBegun = performance.now();
  readonly #started: DialContactsOutcome['started'] = [];
  readonly #ended: AttemptResult[] = [];
  /** Lines are asked side by side: each answer takes some 50 ms. */
  readonly #opening: Promise<void>[] = [];

  constructor(deps: CampaignDeps, input: DialContactsInput, nowMs: number) {
    this.#deps = deps;
    this.#input = input;
    this.#begunAtMs = nowMs;
  }

  async run(): Promise<DialContactsOutcome> {
    const { campaigns } = this.#deps;
    const { campaignId, batchId, limit } = this.#input;
    for (const contact of await campaigns.claimedBy({ campaignId, batchId })) this.#begin(contact);
    const room = Math.min(limit, this.#deps.callsForCampaigns - (await campaigns.countLiveCalls()));
    const wanted = room > 0 && (await this.#isStillWanted());
    const full = !wanted || (await this.#fill(Math.min(room, limit - this.#started.length)));
    await Promise.all(this.#opening);
    const nextDueAtMs = await campaigns.nextDueMs(campaignId);
    const needsZone = nextDueAtMs === null ? await this.#needingZone() : null;
    return { started: this.#started, ended: this.#ended, full: full && nextDueAtMs !== null, nextDueAtMs, needsZone };
  }

  /** True = there is more to ring than may be rung now. */
  async #fill(room: number): Promise<boolean> {
    const { campaigns } = this.#deps;
    const { campaignId } = this.#input;
    let begun = 0;
    while (begun < room && this.#leftMs() > 0) {
      const page = await campaigns.dueContacts({ campaignId, nowMs: this.#nowMs(), limit: LOOKED_AT_ONCE });
      if (page.length === 0) return false;
      for (const contact of page) {
        if (begun >= room) return true;
        if (!(await this.#mayBeRung(contact))) continue;
        if (!(await this.#legIsGranted())) return true;
        if (await this.#ring(contact)) begun += 1;
      }
    }
    return true;
  }

  #nowMs = (): number => this.#begunAtMs + Math.round(performance.now() - this.#sinceBegun);
  #leftMs = (): number => this.#input.forMs - (performance.now() - this.#sinceBegun);

  /** [CG2] A repeat may come hours later, when the store is back: a pause or a stop has come before it. */
  async #isStillWanted(): Promise<boolean> {
    const { campaignId, status } = this.#input;
    if (status === undefined || activityInfo().attempt === 1) return true;
    return (await this.#deps.statusOf(campaignId)) === status;
  }

  async #mayBeRung(contact: ContactDocument): Promise<boolean> {
    const { campaigns, hoursByCountry } = this.#deps;
    const hours = { byCountry: hoursByCountry, campaign: this.#input.settings.windows };
    const ready = readiness(contact, hours, this.#nowMs());
    if (ready.may === 'dial') return true;
    await campaigns.changeContact(ready.contact);
    return false;
  }

  /** [PA1] The campaign waits its turn among all that dial; who rings in does not. */
  async #legIsGranted(): Promise<boolean> {
    const leftMs = this.#leftMs();
    if (leftMs <= 0) return false;
    const waitMs = await this.#deps.creations.take({ creations: COST_OF_DIAL, withinMs: leftMs });
    if (waitMs === null) return false;
    if (waitMs > 0) await pause(waitMs);
    return true;
  }

  /** [OO1] The look at the opt-outs comes last before the contact is taken. False = somebody was faster, or it must not be. */
  async #ring(contact: ContactDocument): Promise<boolean> {
    const { campaigns, optOuts } = this.#deps;
    const { campaignId, batchId } = this.#input;
    const nowMs = this.#nowMs();
    if (await optOuts.isOptedOut(contact.phone_number)) {
      await campaigns.changeContact(optedOut(contact, nowMs));
      return false;
    }
    const attemptId = callIdFrom(`attempt:${campaignId}:${contact.contact_id}:${contact.tries + 1}`);
    const claimed = taken(contact, { batchId, attemptId, callId: callIdFrom(`call:${attemptId}`), nowMs });
    if (!(await campaigns.changeContact(claimed))) return false;
    this.#begin(claimed);
    return true;
  }

  #begin(contact: ContactDocument): void {
    const opened = this.#open(contact);
    // Awaited with all the others; until then its failure is nobody's surprise.
    opened.catch(() => undefined);
    this.#opening.push(opened);
  }

  async #open(contact: ContactDocument): Promise<void> {
    const attempt = contact.attempts.at(-1);
    if (attempt === undefined) return;
    const contactId = asContactId(contact.contact_id);
    const attemptId = asAttemptId(attempt.attempt_id);
    const callId = asCallId(attempt.call_id);
    this.#started.push({ contactId, attemptId, callId, sinceMs: attempt.at_ms });
    const outcome = await this.#askLine(contact, { attemptId, callId });
    if (outcome !== 'ringing') this.#ended.push({ contactId, attemptId, outcome, endedAtMs: this.#nowMs() });
  }

  async #askLine(
    contact: ContactDocument,
    { attemptId, callId }: { attemptId: AttemptId; callId: CallId },
  ): Promise<'ringing' | 'line_busy' | 'failed'> {
    const { openLine, numberKey, resumeWithinMs, log } = this.#deps;
    const { settings, campaignId } = this.#input;
    const customerNumber = asE164(contact.phone_number);
    try {
      const opened = await openLine({
        line: { numberKey: numberKey(customerNumber), customerNumber },
        updateId: attemptId,
        request: {
          direction: 'outbound',
          proposedCallId: callId,
          botNumber: settings.botNumber,
          initiate: this.#initiateFor(contact),
          leg: null,
          callback: null,
          campaign: {
            campaignId,
            contactId: asContactId(contact.contact_id),
            attemptId,
            voicemail: voicemailFor(settings, contact),
            claim: contact.claim,
          },
          resumeWithinMs: resumeWithinMs(),
        },
      });
      return opened.outcome === 'busy' ? 'line_busy' : 'ringing';
    } catch (error) {
      // The line itself said no, so nothing rings; everything else is repeated under the same ids.
      if (!(error instanceof ApplicationFailure) || error.type !== 'line_refused') throw error;
      log.warn({ err: error, campaignId, attemptId }, 'the line refused an attempt');
      return 'failed';
    }
  }

  /** [CG8-CG9] What this contact's call is about. */
  #initiateFor(contact: ContactDocument): Initiate {
    const { settings } = this.#input;
    const { variables, country } = contact;
    const language = contact.language ?? settings.initiate.language;
    const disclosure = disclosureFor({ country, language }, this.#deps.phrasesByCountry);
    return {
      ...settings.initiate,
      task: fillTemplate(settings.initiate.task, variables),
      language,
      ...(settings.greeting === null ? {} : { greeting: fillTemplate(settings.greeting, variables) }),
      ...(disclosure === null ? {} : { disclosure }),
    };
  }

  async #needingZone(): Promise<number> {
    const counts = await this.#deps.campaigns.countContacts(this.#input.campaignId);
    return counts.filter(({ state }) => state === 'needs_zone').reduce((sum, { count }) => sum + count, 0);
  }
}

const voicemailFor = (
  { voicemail }: CampaignSettings,
  { variables }: ContactDocument,
): CampaignSettings['voicemail'] =>
  voicemail.do === 'leave_message'
    ? { do: 'leave_message', message: fillTemplate(voicemail.message, variables) }
    : voicemail;
