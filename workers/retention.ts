/** The schedule that erases what is over and old enough: made, changed and taken away with the configuration. */
import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { CALLS_QUEUE } from '../domain/ids.ts';
import { keepsForEver, RETENTION_AT, RETENTION_SCHEDULE, type RetentionDays } from '../domain/retention.ts';
import type { retention } from '../workflows/retention/workflow.ts';
import type { Logger } from '../telemetry/log.ts';

export interface RetentionPlan {
  days: RetentionDays;
  /** IANA. */
  zone: string;
}

/** Several workers do so at once, and the last of a release wins. */
export async function scheduleRetention(client: Client, plan: RetentionPlan, log: Logger): Promise<void> {
  const handle = client.schedule.getHandle(RETENTION_SCHEDULE);
  try {
    if (keepsForEver(plan.days)) {
      await handle.delete().catch(unlessNone);
      return;
    }
    await client.schedule.create({ scheduleId: RETENTION_SCHEDULE, ...wanted(plan) }).catch(async (error: unknown) => {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await handle.update((standing) => ({ ...standing, ...wanted(plan) }));
    });
    log.info({ days: plan.days }, 'what is over is erased by age, every night');
  } catch (error) {
    log.error({ err: error }, 'the schedule that erases by age could not be set; it is as it was');
  }
}

function unlessNone(error: unknown): void {
  if (!(error instanceof ScheduleNotFoundError)) throw error;
}

const wanted = ({ days, zone }: RetentionPlan) => ({
  spec: { calendars: [{ ...RETENTION_AT }], timezone: zone },
  policies: { overlap: ScheduleOverlapPolicy.SKIP },
  action: {
    type: 'startWorkflow' as const,
    workflowType: 'retention',
    workflowId: 'retention',
    taskQueue: CALLS_QUEUE,
    args: [{ days }] as Parameters<typeof retention>,
  },
});
