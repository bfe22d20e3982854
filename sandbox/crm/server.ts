/** A CRM on HubSpot's wire: contacts and notes of its v3 objects API, with its lagging search, its limits and its bad days. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpError, readJson, sendJson } from '../http.ts';
import { noCrmFaults, type CrmFaults } from './faults.ts';
import { createState, type CrmState, type Ids } from './objects.ts';
import { refusal } from './refusal.ts';
import { answerTo } from './routes.ts';

export interface CrmStandIn {
  /** Paths begin with `/crm/v3/`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  faults: CrmFaults;
  state: CrmState;
}

interface Desk {
  faults: CrmFaults;
  state: CrmState;
  ids: Ids;
}

export function createCrmStandIn(): CrmStandIn {
  const desk: Desk = { faults: noCrmFaults(), ...createState() };
  return {
    faults: desk.faults,
    state: desk.state,
    async handle(req, res) {
      try {
        await serve(desk, req, res);
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        sendJson(res, error.status, error.body);
      }
    },
  };
}

async function serve(desk: Desk, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { faults, state, ids } = desk;
  const url = new URL(req.url ?? '/', 'http://crm.invalid');
  state.requests.push(`${req.method ?? ''} ${url.pathname}`);
  const body = await readJson(req);
  if (faults.delayMs > 0) await wait(faults.delayMs);
  if (faults.silent) return;
  refuseWhereDue(faults, req, res);
  const answer = answerTo(
    { method: req.method ?? '', url, body },
    { state, ids, indexLagMs: faults.indexLagMs, nowMs: Date.now() },
  );
  if (answer.created && loseAnswer(faults, res)) return;
  sendJson(res, answer.created && faults.createAnswers200 ? 200 : answer.status, answer.body);
}

function refuseWhereDue(faults: CrmFaults, req: IncomingMessage, res: ServerResponse): void {
  if (faults.unauthorized || !/^Bearer \S+$/.test(req.headers.authorization ?? '')) {
    throw refusal(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found or invalid.');
  }
  if (faults.errorNext > 0) {
    faults.errorNext -= 1;
    throw refusal(500, 'INTERNAL_ERROR', 'internal error');
  }
  if (faults.tooManyNext > 0) {
    faults.tooManyNext -= 1;
    if (faults.retryAfterS !== null) res.setHeader('retry-after', String(faults.retryAfterS));
    const { status, body } = refusal(
      429,
      'RATE_LIMITS',
      `You have reached your ${faults.tooManyPolicy.toLowerCase()} limit.`,
    );
    throw new HttpError(status, { ...body, errorType: 'RATE_LIMIT', policyName: faults.tooManyPolicy });
  }
}

/** The thing is made; its maker does not hear of it. */
function loseAnswer(faults: CrmFaults, res: ServerResponse): boolean {
  if (faults.createWithoutAckNext === 0) return false;
  faults.createWithoutAckNext -= 1;
  switch (faults.createWithoutAckHow) {
    case 'error':
      sendJson(res, 502, { status: 'error', message: 'Bad gateway' });
      return true;
    case 'reset':
      res.socket?.resetAndDestroy();
      return true;
    case 'silence':
      return true;
  }
}
