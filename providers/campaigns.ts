/** Port: campaigns and their contacts. The contacts are the truth of a campaign: its workflow knows only those that it rings at the moment. */
import type { ContactProgress } from '../domain/campaign-contact.ts';
import type { CampaignSettings, CampaignStatus, ContactDisposition, ContactState } from '../domain/campaign.ts';
import type { ClaimValues } from '../domain/claim.ts';

export interface CampaignDocument {
  campaign_id: string;
  version: number;
  name: string;
  status: CampaignStatus;
  /** Why it stands as it stands, where that was not asked for. */
  reason: string | null;
  settings: CampaignSettings;
  /** Made when it was saved; a running one knows better. Missing = none yet. */
  attempts?: number;
  created_at: string;
  updated_at: string;
}

export interface ContactDocument extends ContactProgress {
  campaign_id: string;
  contact_id: string;
  phone_number: string;
  /** The zone was said by a person: a number does not overrule it. */
  zone_given?: true;
  /** BCP 47; null = the campaign's. */
  language: string | null;
  variables: Record<string, string>;
  claim: ClaimValues;
}

export interface ContactCount {
  state: ContactState;
  disposition: ContactDisposition | null;
  count: number;
}

export interface ContactQuery {
  campaignId: string;
  state?: ContactState;
  /** Contacts after this one in the order of their ids. */
  after?: string;
  limit: number;
}

/** A pending contact by its place in the order of being rung. */
export interface PendingContact {
  contact_id: string;
  due_at_ms: number;
}

export interface CampaignStore {
  /** Whole document; dropped when the same or a newer version stands. */
  saveCampaign(document: CampaignDocument): Promise<void>;
  findCampaign(campaignId: string): Promise<CampaignDocument | null>;
  /** Newest first, 100 at most. */
  listCampaigns(): Promise<CampaignDocument[]>;
  /** At its creation, with what contact ids are made from numbers; the first stays. */
  keepContactKey(kept: { campaignId: string; key: string }): Promise<void>;
  /** Null = a campaign that was made before there were keys: its ids are plain hashes, and stay so. */
  contactKey(campaignId: string): Promise<string | null>;
  /** Contacts that were not there yet; the ids of the others come back. */
  addContacts(contacts: ContactDocument[]): Promise<{ standing: string[] }>;
  findContact(campaignId: string, contactId: string): Promise<ContactDocument | null>;
  /** Those that are there, in no order. */
  findContacts(campaignId: string, contactIds: string[]): Promise<ContactDocument[]>;
  /** Replaces the revision before; false = another change came first. */
  changeContact(contact: ContactDocument): Promise<boolean>;
  /** Longest due first, those that are due later among them. A store without indexes goes through the whole list for it. */
  pendingContacts(query: { campaignId: string; limit: number }): Promise<PendingContact[]>;
  claimedBy(query: { campaignId: string; batchId: string }): Promise<ContactDocument[]>;
  countContacts(campaignId: string): Promise<ContactCount[]>;
  /** In the order of their ids. */
  listContacts(query: ContactQuery): Promise<ContactDocument[]>;
  /** Pending ones of this number in every campaign. */
  openContactsOf(phoneNumber: string): Promise<ContactDocument[]>;
  /** Those that wait for a window, or could not be called at any hour, are looked at anew. */
  reopenWindows(change: { campaignId: string; nowMs: number }): Promise<void>;
  /** Whoever has not been rung yet is not rung. Returns how many. */
  cancelOpen(campaignId: string): Promise<number>;
  /** What finished calls have taken down. */
  claimsOf(callIds: string[]): Promise<Map<string, { claim: ClaimValues; summary: string | null }>>;
  /** Calls under way of every kind. */
  countLiveCalls(): Promise<number>;
  /** Of these, ids of those that have not been saved since, the longest quiet first. */
  quietLiveCalls(query: { beforeMs: number; limit: number }): Promise<string[]>;
}

/** Whoever may not be called: by their own wish, or from a list. */
export interface OptOut {
  phone_number: string;
  source: 'api' | 'call' | 'sms' | 'do_not_call_list';
  reason: string | null;
  at: string;
}

export interface OptOutStore {
  /** The first wish stays; false = it stood already. */
  addOptOut(optOut: OptOut): Promise<boolean>;
  removeOptOut(phoneNumber: string): Promise<boolean>;
  isOptedOut(phoneNumber: string): Promise<boolean>;
  /** In the order of the numbers. */
  listOptOuts(query: { after?: string; limit: number }): Promise<OptOut[]>;
  /** A wish that stands goes on standing, and does not tell whose it is. */
  forgetNumber(phoneNumber: string): Promise<void>;
}

/** The account's one budget of new legs, kept where every process sees it. */
export interface CreationLedger {
  /** Granted at once; dials wait the longer for it. */
  note(creations: number): Promise<void>;
  /** How long to wait until the legs may be made; null = longer than `withinMs`, and nothing was taken. */
  take(ask: { creations: number; withinMs: number }): Promise<number | null>;
}
