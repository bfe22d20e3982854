import { describe } from 'vitest';
import { createMemoryCampaigns } from '../kit/memory-campaigns.ts';
import { campaignSuite } from './campaign-suite.ts';

describe('campaigns in memory', () => {
  const memory = createMemoryCampaigns();
  campaignSuite(() => memory);
});
