/** Control of legs that exist: where they go next, whether they still live, their end. */
import type { CallId, E164, HostId } from '../domain/ids.ts';
import type { LegAddress, LegStatus } from '../domain/leg.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Telephony } from '../providers/telephony.ts';
import { botPlan, type BotPlanDeps, type BotWish } from './bot-plan.ts';
import { refuseForeignPrefix } from './dial.ts';
import { withFailures } from './failures.ts';

export interface LegDeps extends BotPlanDeps {
  telephony: Telephony;
  allowedPrefixes: readonly string[];
}

export interface OperatorRing extends BotWish {
  leg: LegAddress;
  operatorNumber: E164;
  ringTimeoutS: number;
}

export type LegActivities = ReturnType<typeof createLegActivities>;

export function createLegActivities(deps: LegDeps) {
  return withFailures({
    async hangUpLeg(leg: LegAddress): Promise<void> {
      await unlessGone(deps.telephony.hangUp(leg));
    },
    /** Null = the network knows no such leg (any more). */
    async legStatus(leg: LegAddress): Promise<{ status: LegStatus | null }> {
      return { status: await deps.telephony.legStatus(leg) };
    },
    async bringToBot(input: BotWish & { leg: LegAddress }): Promise<{ hostId: HostId }> {
      const { plan, hostId } = await botPlan(deps, input);
      await deps.telephony.transfer(input.leg, plan);
      return { hostId };
    },
    /** The operator rings with the customer waiting; whatever becomes of it, the list goes on to the bot. */
    async ringOperator(input: OperatorRing): Promise<void> {
      refuseForeignPrefix(input.operatorNumber, deps.allowedPrefixes);
      const { plan } = await botPlan(deps, input, 'later');
      await deps.telephony.transfer(input.leg, [operatorStep(deps.publicUrl, input), ...plan]);
    },
    async chooseHost(wish: { avoid: HostId[] }): Promise<{ hostId: HostId | null }> {
      return { hostId: (await deps.directory.choose({ avoid: wish.avoid }))?.hostId ?? null };
    },
  });
}

function operatorStep(publicUrl: string, input: OperatorRing & { callId: CallId }) {
  return {
    do: 'operator' as const,
    number: input.operatorNumber,
    from: input.botNumber,
    briefingUrl: `${publicUrl}/vonage/briefing/${input.callId}`,
    eventUrl: `${publicUrl}/vonage/event/${input.callId}/operator`,
    ringTimeoutS: input.ringTimeoutS,
  };
}

/** A leg that is gone needs no hanging up. */
async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not_found') return;
    throw error;
  }
}
