/** What the slow model makes of a finished call, and whom else it is told. */
import { cancellationSignal } from '@temporalio/activity';
import type { CallDocument } from '../domain/call-document.ts';
import { insightByRules } from '../domain/document-insight.ts';
import {
  nextActionRequest,
  synthesisRequest,
  type CallRecord,
  type StructuredRequest,
} from '../domain/insight-prompt.ts';
import { NEXT_ACTIONS, type NextStep, type Satisfaction, type Synthesis } from '../domain/insight.ts';
import type { WebhookOut } from '../providers/crm.ts';
import type { StructuredLlm } from '../providers/llm.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { withFailures } from './failures.ts';

export interface InsightDeps {
  /** Null = no model is configured. */
  slow: StructuredLlm | null;
  /** Null = nobody is to be told. */
  webhookOut: WebhookOut | null;
}

export type InsightActivities = ReturnType<typeof createInsightActivities>;

export function createInsightActivities({ slow, webhookOut }: InsightDeps) {
  return withFailures({
    async synthesise(document: CallDocument): Promise<Synthesis> {
      const value = await complete(slow, synthesisRequest(recordOf(document)));
      return {
        short: textOf(value, 'short'),
        long: textOf(value, 'long'),
        satisfaction: satisfactionOf(value['satisfaction']),
        improvementSuggestions: textOf(value, 'improvement_suggestions'),
      };
    },
    async decideNext(document: CallDocument): Promise<NextStep> {
      const value = await complete(slow, nextActionRequest(recordOf(document)));
      const action = NEXT_ACTIONS.find((known) => known === value['action']);
      if (action === undefined) throw notInShape('the next action is none of ours');
      return { action, justification: textOf(value, 'justification') };
    },
    ruleInsight: (document: CallDocument): Promise<{ synthesis: Synthesis; next: NextStep }> =>
      Promise.resolve(insightByRules(document)),
    async postWebhook(event: Parameters<WebhookOut['post']>[0]): Promise<void> {
      await webhookOut?.post(event);
    },
  });
}

/** Another try may bring the right shape. */
const notInShape = (message: string): ProviderError => new ProviderError('model', 'vendor_fault', { message });

async function complete(slow: StructuredLlm | null, request: StructuredRequest): Promise<Record<string, unknown>> {
  if (slow === null) throw new ProviderError('model', 'bad_request', { message: 'no model is configured' });
  const { value } = await slow.complete(request, cancellationSignal());
  if (typeof value !== 'object' || value === null) throw notInShape('the answer is no object');
  return value as Record<string, unknown>;
}

function textOf(value: Record<string, unknown>, key: string): string {
  const text = value[key];
  if (typeof text !== 'string') throw notInShape(`${key} is missing in the answer`);
  return text;
}

const SATISFACTIONS: readonly Satisfaction[] = ['terrible', 'low', 'partial', 'high', 'unknow'];
const satisfactionOf = (value: unknown): Satisfaction => SATISFACTIONS.find((known) => known === value) ?? 'unknow';

function recordOf(document: CallDocument): CallRecord {
  return {
    company: document.initiate.bot_company,
    task: document.initiate.task,
    direction: document.direction,
    language: document.lang,
    claim_fields: document.initiate.claim,
    claim: document.claim,
    reminders: document.reminders.map(({ title, description, due_date_time, owner }) => ({
      title,
      description,
      due_date_time,
      owner,
    })),
    transferred: document.transfers.some((transfer) => transfer.status === 'SUCCESS'),
    messages: document.messages.map(({ persona, content, interrupted }) => ({ persona, content, interrupted })),
  };
}
