/** What makes the Temporal UI a usable call list. Never encrypted: numbers enter as a `NumberKey`. */
export const SEARCH_ATTRIBUTES = {
  CustomerNumber: 'Keyword',
  BotNumber: 'Keyword',
  CallPhase: 'Keyword',
  Direction: 'Keyword',
  Scenario: 'Keyword',
  Language: 'Keyword',
  CampaignId: 'Keyword',
  Disposition: 'Keyword',
  DueAt: 'Datetime',
} as const satisfies Record<string, 'Keyword' | 'Datetime'>;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
