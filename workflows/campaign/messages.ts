/** What a `campaign` workflow is told and asked. `campaign:<id>` rings a list of contacts, which it never holds itself. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AttemptOutcome, AttemptResult, CampaignSettings, CampaignStatus } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/ids.ts';
import type { CampaignState, WaitsFor } from './state.ts';

export interface CampaignInput {
  campaignId: CampaignId;
  name: string;
  createdAtMs: number;
  settings: CampaignSettings;
  /** Of the stored document: the next save is one higher. */
  version: number;
  /** Only from the campaign itself, when its history is carried over into a fresh run. */
  carried?: CampaignState;
}

/** What may be changed while it runs. */
export type CampaignChange = Partial<
  Pick<CampaignSettings, 'windows' | 'concurrency' | 'attemptsPerMinute' | 'retry' | 'voicemail' | 'breaker'>
>;

export interface CampaignProgress {
  status: CampaignStatus;
  reason: string | null;
  inFlight: number;
  attempts: number;
  outcomes: Partial<Record<AttemptOutcome, number>>;
  /** When the next contact is due; null = none is, or it is not known yet. */
  nextDueAtMs: number | null;
  needsZone: number;
  needsHours: number;
  probeAtMs: number | null;
  /** Nothing goes on without it; null = nothing is missing. */
  waitsFor: WaitsFor | null;
  settings: CampaignSettings;
  startedAtMs: number;
  runs: number;
}

export const pauseCampaign = defineUpdate<CampaignProgress, [{ reason: string }]>('pause');
export const resumeCampaign = defineUpdate<CampaignProgress, [{ reason: string }]>('resume');
export const stopCampaign = defineUpdate<CampaignProgress, [{ reason: string }]>('stop');
export const changeCampaign = defineUpdate<CampaignProgress, [CampaignChange]>('change');
/** From the call of an attempt, once its leg has ended. */
export const attemptEnded = defineSignal<[AttemptResult]>('attemptEnded');
/** Contacts were added, freed of a doubt or taken off the list. */
export const contactsChanged = defineSignal('contactsChanged');
export const progress = defineQuery<CampaignProgress>('progress');
