/** Beginning a campaign's attempts. The contact is taken before its line is asked, and every id follows from it: a repeat rings nobody twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CallingHours } from '../domain/calling-hours.ts';
import type { AttemptResult, CampaignSettings, CampaignStatus, ContactState } from '../domain/campaign.ts';
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
import { CAMPAIGN_AHEAD_MS, COST_OF_DIAL } from '../domain/pacing.ts';
import { fillTemplate } from '../domain/template.ts';
import { callIdFrom } from '../providers/call-ids.ts';
import type { CampaignStore, ContactDocument, CreationLedger, OptOutStore } from '../providers/campaigns.ts';
import type { Logger } from '../telemetry/log.ts';
import type { OpenCallOutcome } from '../workflows/line/messages.ts';
import { heartbeats } from './beating.ts';
import { Agenda, AgendaPages } from './campaign-agenda.ts';
import { LiveCalls, type CloseGoneCalls } from './campaign-room.ts';
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
  closeGoneCalls: CloseGoneCalls;
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
  /** Asked for the first time; otherwise somebody may have been rung for it, or the store was away for hours. */
  isFirst?: boolean;
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
  /** Why nobody more is rung who is due: campaigns hold all their calls, or may hold none; missing = neither. */
  noPlace?: 'taken' | 'none_at_all';
  /** When the next contact is due; null = none is pending. */
  nextDueAtMs: number | null;
  /** Counted where nobody is pending: who waits for a person to say more; null = not counted. */
  needsZone: number | null;
  /** Missing = of before. */
  needsHours?: number | null;
}

export type CampaignActivities = ReturnType<typeof createCampaignActivities>;

const HEARTBEAT_MS = 2_000;

export function createCampaignActivities(deps: CampaignDeps) {
  const known = { pages: new AgendaPages(), liveCalls: new LiveCalls(deps.campaigns, deps.closeGoneCalls) };
  return {
    async dialContacts(input: DialContactsInput): Promise<DialContactsOutcome> {
      using _beating = heartbeats(HEARTBEAT_MS);
      return await new Batch(deps, input, { ...known, nowMs: await deps.nowMs() }).run();
    },
  };
}

class Batch {
  readonly #deps: CampaignDeps;
  readonly #input: DialContactsInput;
  readonly #liveCalls: LiveCalls;
  readonly #agenda: Agenda;
  readonly #begunAtMs: number;
  readonly #sinceBegun = performance.now();
  readonly #started: DialContactsOutcome['started'] = [];
  readonly #ended: AttemptResult[] = [];
  /** Lines are asked side by side: each answer takes some 50 ms. */
  readonly #opening: Promise<void>[] = [];
  /** The account has granted a leg that nobody has been rung with yet. */
  #granted = false;

  constructor(
    deps: CampaignDeps,
    input: DialContactsInput,
    known: { pages: AgendaPages; liveCalls: LiveCalls; nowMs: number },
  ) {
    this.#deps = deps;
    this.#input = input;
    this.#liveCalls = known.liveCalls;
    this.#agenda = new Agenda(deps.campaigns, { campaignId: input.campaignId, pages: known.pages });
    this.#begunAtMs = known.nowMs;
  }

  async run(): Promise<DialContactsOutcome> {
    const { campaigns } = this.#deps;
    const { campaignId, batchId, limit } = this.#input;
    if (this.#isRepeat())
      for (const contact of await campaigns.claimedBy({ campaignId, batchId })) this.#begin(contact);
    const { callsForCampaigns } = this.#deps;
    const live = await this.#liveCalls.count({ places: callsForCampaigns, nowMs: this.#nowMs() });
    const places = callsForCampaigns - live;
    const room = Math.min(limit, places);
    const wanted = room > 0 && (await this.#isStillWanted());
    const full = !wanted || (await this.#fill(Math.min(room, limit - this.#started.length)));
    await Promise.all(this.#opening);
    const nextDueAtMs = await this.#agenda.nextDueMs(this.#nowMs());
    const asking = nextDueAtMs === null ? await this.#asking() : { needsZone: null, needsHours: null };
    const isDue = nextDueAtMs !== null && nextDueAtMs <= this.#nowMs();
    return {
      started: this.#started,
      ended: this.#ended,
      full: full && isDue,
      ...(isDue && places <= 0 ? { noPlace: callsForCampaigns <= 0 ? 'none_at_all' : 'taken' } : {}),
      nextDueAtMs,
      ...asking,
    };
  }

  /** True = there is more to ring than may be rung now. */
  async #fill(room: number): Promise<boolean> {
    let begun = 0;
    while (begun < room && this.#leftMs() > 0) {
      const contact = await this.#agenda.next(this.#nowMs());
      if (contact === null) return false;
      if (!(await this.#mayBeRung(contact))) continue;
      if (!(await this.#legIsGranted())) {
        this.#agenda.giveBack(contact);
        return true;
      }
      if (await this.#ring(contact)) begun += 1;
    }
    return true;
  }

  #nowMs = (): number => this.#begunAtMs + Math.round(performance.now() - this.#sinceBegun);
  #leftMs = (): number => this.#input.forMs - (performance.now() - this.#sinceBegun);

  #isRepeat = (): boolean => this.#input.isFirst !== true || activityInfo().attempt > 1;

  /** [CG2] A repeat may come hours later, when the store is back: a pause or a stop has come before it. */
  async #isStillWanted(): Promise<boolean> {
    const { campaignId, status } = this.#input;
    if (status === undefined || !this.#isRepeat()) return true;
    return (await this.#deps.statusOf(campaignId)) === status;
  }

  async #mayBeRung(contact: ContactDocument): Promise<boolean> {
    const { hoursByCountry } = this.#deps;
    const hours = { byCountry: hoursByCountry, campaign: this.#input.settings.windows };
    const ready = readiness(contact, hours, this.#nowMs());
    if (ready.may === 'dial') return true;
    const isChanged = await this.#change(ready.contact);
    if (isChanged && ready.contact.state === 'pending') this.#agenda.postponed(ready.contact.due_at_ms);
    return false;
  }

  /** [PA1] [PA4] The campaign waits its turn among all that dial; who rings in does not, and who is promised a call goes before. */
  async #legIsGranted(): Promise<boolean> {
    const leftMs = this.#leftMs();
    if (leftMs <= 0) return false;
    if (this.#granted) return true;
    const withinMs = Math.min(leftMs, CAMPAIGN_AHEAD_MS);
    const waitMs = await this.#deps.creations.take({ creations: COST_OF_DIAL, withinMs });
    if (waitMs === null) return false;
    this.#granted = true;
    if (waitMs > 0) await pause(waitMs);
    return true;
  }

  /** [OO1] The look at the opt-outs comes last before the contact is taken. False = somebody was faster, or it must not be. */
  async #ring(contact: ContactDocument): Promise<boolean> {
    const { optOuts } = this.#deps;
    const { campaignId, batchId } = this.#input;
    const nowMs = this.#nowMs();
    if (await optOuts.isOptedOut(contact.phone_number)) {
      await this.#change(optedOut(contact, nowMs));
      return false;
    }
    const attemptId = callIdFrom(`attempt:${campaignId}:${contact.contact_id}:${contact.tries + 1}`);
    const claimed = taken(contact, { batchId, attemptId, callId: callIdFrom(`call:${attemptId}`), nowMs });
    if (!(await this.#change(claimed))) return false;
    this.#granted = false;
    this.#liveCalls.begun();
    this.#begin(claimed);
    return true;
  }

  async #change(contact: ContactDocument): Promise<boolean> {
    const isDone = await this.#deps.campaigns.changeContact(contact);
    if (!isDone) this.#agenda.outdated();
    return isDone;
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

  async #asking(): Promise<{ needsZone: number; needsHours: number }> {
    const counts = await this.#deps.campaigns.countContacts(this.#input.campaignId);
    const inState = (wanted: ContactState): number =>
      counts.filter(({ state }) => state === wanted).reduce((sum, { count }) => sum + count, 0);
    return { needsZone: inState('needs_zone'), needsHours: inState('needs_hours') };
  }
}

const voicemailFor = (
  { voicemail }: CampaignSettings,
  { variables }: ContactDocument,
): CampaignSettings['voicemail'] =>
  voicemail.do === 'leave_message'
    ? { do: 'leave_message', message: fillTemplate(voicemail.message, variables) }
    : voicemail;
