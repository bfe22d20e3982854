/** What people search by in the Temporal UI. Numbers enter as keys only. */
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
  type SearchAttributePair,
} from '@temporalio/common';
import type { CallPhase } from '../domain/conversation.ts';
import type { Disposition } from '../domain/insight.ts';
import type { NumberKey } from '../domain/ids.ts';
import type { SEARCH_ATTRIBUTES, SearchAttributeName } from '../domain/search-attributes.ts';

type KeywordName = {
  [Name in SearchAttributeName]: (typeof SEARCH_ATTRIBUTES)[Name] extends 'Keyword' ? Name : never;
}[SearchAttributeName];

export const keyword = (name: KeywordName, value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});
export const moment = (name: 'DueAt', atMs: number): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.DATETIME),
  value: new Date(atMs),
});

export interface CallAttributes {
  numberKey: NumberKey;
  botNumber: string;
  direction: 'inbound' | 'outbound';
  language: string;
  scenario: string | null;
  phase: CallPhase;
  campaignId?: string | null;
}

export function callAttributes(call: CallAttributes): TypedSearchAttributes {
  return new TypedSearchAttributes([
    keyword('CustomerNumber', call.numberKey),
    keyword('BotNumber', call.botNumber),
    keyword('Direction', call.direction),
    keyword('Language', call.language),
    keyword('CallPhase', call.phase),
    ...(call.scenario === null ? [] : [keyword('Scenario', call.scenario)]),
    ...(call.campaignId == null ? [] : [keyword('CampaignId', call.campaignId)]),
  ]);
}

export const phaseAttribute = (phase: CallPhase): SearchAttributePair => keyword('CallPhase', phase);
export const dispositionAttribute = (disposition: Disposition): SearchAttributePair =>
  keyword('Disposition', disposition);

export const callbackAttributes = (callback: {
  numberKey: NumberKey;
  botNumber: string;
  dueAtMs: number;
}): TypedSearchAttributes =>
  new TypedSearchAttributes([
    keyword('CustomerNumber', callback.numberKey),
    keyword('BotNumber', callback.botNumber),
    moment('DueAt', callback.dueAtMs),
  ]);
