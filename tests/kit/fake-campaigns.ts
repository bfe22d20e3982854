/** Running campaigns in memory, as the api's door sees them. */
import { newState, progressOf, setStatus, type CampaignState } from '../../workflows/campaign/state.ts';
import { CallDoorError } from '../../api/call-door.ts';
import type { CampaignDoor } from '../../api/campaign-door.ts';

export interface FakeCampaigns extends CampaignDoor {
  running: Map<string, CampaignState>;
  /** Whom it was told that contacts have changed. */
  told: string[];
}

export function createFakeCampaigns(): FakeCampaigns {
  const running = new Map<string, CampaignState>();
  const told: string[] = [];
  const find = (campaignId: string): CampaignState => {
    const state = running.get(campaignId);
    if (state === undefined) throw new CallDoorError('not_found', 'that workflow has ended or never was');
    return state;
  };
  return {
    running,
    told,
    async start(input) {
      if (running.has(input.campaignId)) return 'running';
      running.set(input.campaignId, newState(input, 0));
      return 'started';
    },
    async pause(campaignId, reason) {
      const state = find(campaignId);
      setStatus(state, 'paused', reason);
      return progressOf(state);
    },
    async resume(campaignId) {
      const state = find(campaignId);
      setStatus(state, 'running', null);
      return progressOf(state);
    },
    async stop(campaignId) {
      const state = find(campaignId);
      setStatus(state, 'stopping', 'asked through the API');
      return progressOf(state);
    },
    async change(campaignId, change) {
      const state = find(campaignId);
      state.settings = { ...state.settings, ...change };
      return progressOf(state);
    },
    async progress(campaignId) {
      const state = running.get(campaignId);
      return state === undefined ? null : progressOf(state);
    },
    async contactsChanged(campaignId) {
      told.push(campaignId);
      return running.has(campaignId) ? 'told' : 'not_found';
    },
  };
}
