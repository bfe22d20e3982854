/** Campaigns and opt-outs in memory, under the same rules as the store's. */
import type {
  CampaignDocument,
  CampaignStore,
  ContactCount,
  ContactDocument,
  OptOut,
  OptOutStore,
} from '../../providers/campaigns.ts';

export interface MemoryCampaigns {
  campaigns: CampaignStore;
  optOuts: OptOutStore;
  documents: Map<string, CampaignDocument>;
  contactKeys: Map<string, string>;
  contacts: Map<string, ContactDocument>;
  optedOut: Map<string, OptOut>;
  claims: Map<string, { claim: Record<string, string>; summary: string | null }>;
  liveCalls: () => number;
}

const keyOf = (contact: Pick<ContactDocument, 'campaign_id' | 'contact_id'>): string =>
  `${contact.campaign_id}:${contact.contact_id}`;
const isOpen = ({ state }: ContactDocument): boolean => state !== 'in_flight' && state !== 'done';
const waitsForHours = ({ state, waits_for, disposition }: ContactDocument): boolean =>
  (state === 'pending' && waits_for === 'window') || state === 'needs_hours' || disposition === 'never_callable';

export function createMemoryCampaigns(present: () => void = () => undefined): MemoryCampaigns {
  const memory: MemoryCampaigns = {
    campaigns: undefined as unknown as CampaignStore,
    optOuts: undefined as unknown as OptOutStore,
    documents: new Map(),
    contactKeys: new Map(),
    contacts: new Map(),
    optedOut: new Map(),
    claims: new Map(),
    liveCalls: () => 0,
  };
  memory.campaigns = campaignsIn(memory, present);
  memory.optOuts = optOutsIn(memory, present);
  return memory;
}

function campaignsIn(memory: MemoryCampaigns, present: () => void): CampaignStore {
  const of = (campaignId: string): ContactDocument[] => {
    present();
    return [...memory.contacts.values()].filter(({ campaign_id }) => campaign_id === campaignId);
  };
  const put = (contact: ContactDocument): void => {
    memory.contacts.set(keyOf(contact), structuredClone(contact));
  };
  return {
    async saveCampaign(document) {
      present();
      const standing = memory.documents.get(document.campaign_id);
      if (standing === undefined || standing.version < document.version)
        memory.documents.set(document.campaign_id, document);
    },
    findCampaign: async (campaignId) => {
      present();
      return memory.documents.get(campaignId) ?? null;
    },
    listCampaigns: async () => {
      present();
      return [...memory.documents.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, 100);
    },
    keepContactKey: async ({ campaignId, key }) => {
      present();
      if (!memory.contactKeys.has(campaignId)) memory.contactKeys.set(campaignId, key);
    },
    contactKey: async (campaignId) => {
      present();
      return memory.contactKeys.get(campaignId) ?? null;
    },
    async addContacts(contacts) {
      present();
      const standing = contacts.filter((contact) => memory.contacts.has(keyOf(contact)));
      for (const contact of contacts) if (!memory.contacts.has(keyOf(contact))) put(contact);
      return { standing: standing.map(({ contact_id }) => contact_id) };
    },
    findContact: async (campaign_id, contact_id) => {
      present();
      return structuredClone(memory.contacts.get(keyOf({ campaign_id, contact_id })) ?? null);
    },
    async changeContact(contact) {
      present();
      if (memory.contacts.get(keyOf(contact))?.revision !== contact.revision - 1) return false;
      put(contact);
      return true;
    },
    findContacts: async (campaign_id, contactIds) => {
      present();
      const found = contactIds.map((contact_id) => memory.contacts.get(keyOf({ campaign_id, contact_id })));
      return structuredClone(found.filter((contact) => contact !== undefined));
    },
    pendingContacts: async ({ campaignId, limit }) =>
      of(campaignId)
        .filter(({ state }) => state === 'pending')
        .sort((a, b) => a.due_at_ms - b.due_at_ms)
        .slice(0, limit)
        .map(({ contact_id, due_at_ms }) => ({ contact_id, due_at_ms })),
    claimedBy: async ({ campaignId, batchId }) =>
      structuredClone(of(campaignId).filter((one) => one.batch_id === batchId && one.state === 'in_flight')),
    countContacts: async (campaignId) => counted(of(campaignId)),
    listContacts: async ({ campaignId, state, after, limit }) =>
      of(campaignId)
        .filter(
          (one) => (state === undefined || one.state === state) && (after === undefined || one.contact_id > after),
        )
        .sort((a, b) => (a.contact_id < b.contact_id ? -1 : 1))
        .slice(0, limit),
    openContactsOf: async (phoneNumber) => {
      present();
      return structuredClone(
        [...memory.contacts.values()].filter((one) => one.phone_number === phoneNumber && isOpen(one)),
      );
    },
    async reopenWindows({ campaignId, nowMs }) {
      for (const one of of(campaignId))
        if (waitsForHours(one))
          put({ ...one, state: 'pending', disposition: null, due_at_ms: nowMs, revision: one.revision + 1 });
    },
    async cancelOpen(campaignId) {
      const open = of(campaignId).filter(isOpen);
      for (const one of open) put({ ...one, state: 'done', disposition: 'cancelled', revision: one.revision + 1 });
      return open.length;
    },
    claimsOf: async (callIds) => {
      present();
      return new Map(
        callIds.flatMap((id) => {
          const found = memory.claims.get(id);
          return found === undefined ? [] : [[id, found] as const];
        }),
      );
    },
    countLiveCalls: async () => memory.liveCalls(),
    quietLiveCalls: async () => [],
  };
}

function counted(contacts: ContactDocument[]): ContactCount[] {
  const counts = new Map<string, ContactCount>();
  for (const { state, disposition } of contacts) {
    const key = `${state}:${disposition ?? ''}`;
    const standing = counts.get(key) ?? { state, disposition, count: 0 };
    counts.set(key, { ...standing, count: standing.count + 1 });
  }
  return [...counts.values()];
}

function optOutsIn({ optedOut }: MemoryCampaigns, present: () => void): OptOutStore {
  const erased = new Set<string>();
  return {
    async addOptOut(optOut) {
      present();
      if (optedOut.has(optOut.phone_number) || erased.has(optOut.phone_number)) return false;
      optedOut.set(optOut.phone_number, optOut);
      return true;
    },
    removeOptOut: async (phoneNumber) => {
      present();
      return [optedOut.delete(phoneNumber), erased.delete(phoneNumber)].includes(true);
    },
    isOptedOut: async (phoneNumber) => {
      present();
      return optedOut.has(phoneNumber) || erased.has(phoneNumber);
    },
    listOptOuts: async ({ after, limit }) => {
      present();
      return [...optedOut.values()]
        .filter(({ phone_number }) => after === undefined || phone_number > after)
        .sort((a, b) => (a.phone_number < b.phone_number ? -1 : 1))
        .slice(0, limit);
    },
    forgetNumber: async (phoneNumber) => {
      present();
      if (optedOut.delete(phoneNumber)) erased.add(phoneNumber);
    },
  };
}
