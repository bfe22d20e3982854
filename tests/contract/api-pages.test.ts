import { afterEach, beforeEach, expect, test } from 'vitest';
import { openedDocument } from '../../api/documents.ts';
import type { CallDocument } from '../../domain/call-document.ts';
import { FLAG_NAMES } from '../../domain/flags.ts';
import { asCallId } from '../../domain/ids.ts';
import type { CallbackDocument } from '../../providers/store.ts';
import { BOT, CUSTOMER, startApi, type ApiHarness } from '../kit/api-harness.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const CALL = '11111111-1111-8111-8111-111111111111';
const at = '2026-03-01T10:00:00.000Z';

function toldCall(changes: Partial<CallDocument> = {}): CallDocument {
  const opened = openedDocument({
    callId: asCallId(CALL),
    direction: 'inbound',
    customerNumber: CUSTOMER,
    botNumber: BOT,
    initiate: api.settings.defaults,
    atMs: Date.parse(at),
  });
  const said = { created_at: at, action: 'talk', style: 'none', interrupted: false } as const;
  return {
    ...opened,
    version: 1,
    claim: { caller_name: 'Ada <b>Lovelace</b>' },
    messages: [
      { ...said, tool_calls: [], persona: 'human', content: 'My machine leaks <script>alert(1)</script>' },
      {
        ...said,
        persona: 'assistant',
        content: 'I have noted it.',
        interrupted: true,
        tool_calls: [{ name: 'update_claim', arguments: { caller_name: 'Ada' }, result: 'noted', is_error: false }],
      },
    ],
    reminders: [
      {
        created_at: at,
        title: 'Ring back',
        description: 'About the pump',
        due_date_time: at,
        owner: 'assistant',
        callback_id: null,
      },
    ],
    synthesis: {
      short: 'A leaking machine.',
      long: '## Leak\n\nThe machine **leaks**. <img src=x onerror=alert(1)> [more](javascript:alert(1)) [site](https://example.org) ![pixel](https://evil.example/p.png)',
      satisfaction: 'high',
      improvement_suggestions: 'Answer sooner.',
    },
    next: { action: 'requires_expertise', justification: 'A technician must look.' },
    legs: [
      {
        leg_id: 'l',
        role: 'customer',
        started_at: at,
        answered_at: at,
        ended_at: null,
        end_status: null,
        duration_s: 42,
        price_eur: 0.05,
      },
    ],
    turns: [
      {
        turn_id: 't',
        at,
        answered_by: 'fast',
        model: 'm',
        usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 0 },
        latency: {
          endpointingMs: 250,
          recognizerMs: null,
          modelFirstTokenMs: 300,
          firstSentenceMs: 400,
          synthesisFirstByteMs: 90,
          commitMs: 22,
          voiceToVoiceMs: 734,
        },
      },
    ],
    transfers: [
      {
        requested_at: at,
        reason: 'complaint',
        operator: '+33612345678',
        status: 'FAIL',
        detail: 'unanswered',
        ended_at: at,
      },
    ],
    ...changes,
  };
}

test('[RP2] the report tells the call: name, summary, claim with its gaps, conversation, tools, reminders, next step, figures', async () => {
  await api.store.saveCall(toldCall());
  const { status, text, headers } = await api.get(`/report/call/${CALL}`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/html');
  for (const shown of [
    'Hello, Ada',
    '<strong>leaks</strong>',
    'Caller email',
    'not known yet',
    '2 missing',
    'Update claim',
    'Ring back',
    'Requires expertise',
    'A technician must look.',
    'Satisfaction: high',
    'Answer sooner.',
    'interrupted',
    '734',
    'FAIL',
    'unanswered',
    '0.0500 EUR',
  ]) {
    expect(text).toContain(shown);
  }
  expect(text).toContain('http-equiv="refresh"');
});

test('[RP3] what was said or written by a model runs nothing and loads nothing', async () => {
  await api.store.saveCall(toldCall());
  const { text, headers } = await api.get(`/report/call/${CALL}`);
  expect(text).not.toMatch(/<script|<img|javascript:|<b>Lovelace|evil\.example/);
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).toContain('href="https://example.org"');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(text.replace(/href="https?:[^"]*"/g, '')).not.toMatch(/(src|href)="https?:/);
});

test('[RP4] /report/{phone} shows the only call, or the list of several, newest first', async () => {
  await api.store.saveCall(toldCall());
  expect((await api.get(`/report/${CUSTOMER}`)).text).toContain('Hello, Ada');
  await api.store.saveCall(
    toldCall({
      call_id: '22222222-2222-8222-8222-222222222222',
      created_at: '2026-03-02T10:00:00.000Z',
      synthesis: null,
    }),
  );
  const { text } = await api.get(`/report/${encodeURIComponent(CUSTOMER)}`);
  expect(text).toMatch(/22222222[\s\S]*11111111/);
  expect(text).toContain('A leaking machine.');
  expect(text).toContain('1 Mar 2026');
  expect((await api.get(`/report?phone_number=${encodeURIComponent(CUSTOMER)}`)).text).toContain('A leaking machine.');
  expect((await api.get('/report/%2B447700900999')).status).toBe(404);
  expect((await api.get('/report/nonsense')).status).toBe(422);
});

test('[RP1] from a signed list the way on is signed too', async () => {
  await api.store.saveCall(toldCall());
  await api.store.saveCall(toldCall({ call_id: '22222222-2222-8222-8222-222222222222' }));
  const { text } = await api.get(`/report/${encodeURIComponent(CUSTOMER)}?expires=9999999999&signature=x`);
  expect(text).toMatch(/\/report\/call\/11111111[^"]*\?expires=\d+&amp;signature=/);
  expect(text).not.toContain('href="/report"');
});

test('[AP11] the first page shows who is on the line, who was, what is promised, and the ways on', async () => {
  await api.store.saveCall(toldCall());
  await api.store.saveCall(
    toldCall({
      call_id: '22222222-2222-8222-8222-222222222222',
      in_progress: false,
      phase: 'closed',
      disposition: 'completed',
    }),
  );
  const callback: CallbackDocument = {
    callback_id: 'cb-1',
    version: 1,
    call_id: CALL,
    phone_number: CUSTOMER,
    bot_phone_number: BOT,
    title: 'Ring back about the pump',
    description: '',
    due_date_time: at,
    status: 'pending',
    attempts: [],
    created_at: at,
    updated_at: at,
  };
  await api.store.saveCallback(callback);
  const { status, text } = await api.get('/');
  expect(status).toBe(200);
  for (const shown of [
    'http-equiv="refresh"',
    `/report/call/${CALL}`,
    'Live',
    'Completed',
    'Ring back about the pump',
    'http://127.0.0.1:8233',
    'http://127.0.0.1:9000/phone',
    '/docs',
    'vonage: stand-in',
  ])
    expect(text).toContain(shown);
  api.store.away = true;
  api.temporal.away = true;
  const alone = await api.get('/');
  expect(alone.status).toBe(200);
  expect(alone.text).toContain('The store does not answer');
  expect(alone.text).toContain('temporal: fails');
});

test('[AP12] the OpenAPI document names every resource, and the reference page is made of it alone', async () => {
  const { body } = await api.get('/openapi.json');
  expect(Object.keys(body.paths as object)).toEqual([
    '/call',
    '/call/{id}',
    '/call/{id}/hangup',
    '/call/{id}/say',
    '/call/{id}/transfer',
    '/fallback-ncco',
    '/feature',
    '/reminder',
    '/reminder/{id}',
    '/reminder/{id}/done',
    '/campaign',
    '/campaign/{id}',
    '/campaign/{id}/progress',
    '/campaign/{id}/start',
    '/campaign/{id}/pause',
    '/campaign/{id}/resume',
    '/campaign/{id}/stop',
    '/campaign/{id}/contacts',
    '/campaign/{id}/contacts/{phone}',
    '/campaign/{id}/results',
    '/opt-out',
    '/opt-out/{phone}',
    '/customer/{phone}',
  ]);
  expect(body.paths['/call'].post.responses['409'].content).toHaveProperty('application/problem+json');
  const { text, status } = await api.get('/docs');
  expect(status).toBe(200);
  for (const shown of ['Ring a customer', 'agent_phone_number', 'Idempotency-Key'.toLowerCase(), 'curl -X POST'])
    expect(text).toContain(shown);
  expect(text).not.toMatch(/<script|<link/);
});

test('[AP13] readiness names each part and is 503 when one fails; liveness asks nobody', async () => {
  const ready = await api.get('/health/readiness');
  expect(ready.status).toBe(200);
  expect(ready.body).toEqual({
    status: 'ok',
    checks: [
      { id: 'temporal', status: 'ok', detail: 'answers' },
      { id: 'mongodb', status: 'ok', detail: 'answers' },
      { id: 'media', status: 'ok', detail: 'one (0 live), two (5 live)' },
      { id: 'vonage', status: 'ok', detail: 'stand-in' },
    ],
  });
  api.temporal.away = true;
  api.store.away = true;
  api.hosts.length = 0;
  const failing = await api.get('/health/readiness');
  expect(failing.status).toBe(503);
  expect((failing.body.checks as { id: string; status: string }[]).map(({ id, status }) => [id, status])).toEqual([
    ['temporal', 'fail'],
    ['mongodb', 'fail'],
    ['media', 'fail'],
    ['vonage', 'ok'],
  ]);
  expect((await api.get('/health/liveness')).status).toBe(200);
});

test('[AP13] metrics count by route, never by id or number', async () => {
  await api.store.saveCall(toldCall());
  await api.get(`/call/${CALL}`);
  await api.webhook(`/vonage/event/${CALL}/a-1`, { status: 'answered', uuid: 'u' });
  const { text } = await api.get('/metrics');
  expect(text).toContain('evercall_http_requests_total{method="GET",route="/call/:id",status="200"} 1');
  expect(text).toContain('route="/vonage/event/:callId/:attemptId"');
  expect(text).not.toContain(CALL);
  expect(text).toContain('process_cpu_seconds_total');
});

test('[FF4] switches are read and changed, zero and false included, in force at once here', async () => {
  expect((await api.get('/feature')).body).toMatchObject({
    vad_threshold: 0.5,
    recording_enabled: false,
    callback_timeout_hour: 3,
  });
  const changed = await api.send('PATCH /feature', {
    callback_timeout_hour: 0,
    slow_llm_for_chat: false,
    recording_enabled: true,
  });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({ callback_timeout_hour: 0, slow_llm_for_chat: false, recording_enabled: true });
  expect(Object.keys(changed.body as object)).toHaveLength(FLAG_NAMES.length);
  await api.send('POST /call', { phone_number: CUSTOMER });
  expect(api.temporal.opened[0]?.request.resumeWithinMs).toBe(0);
});

test.each([
  ['vad_threshold', 2, 'at most 1'],
  ['recognition_retry_max', 1.5, 'whole'],
  ['recording_enabled', 'yes', 'true or false'],
  ['no_such_flag', 1, 'no such switch'],
])('[FF3] %s = %o is refused with the reason', async (name, value, reason) => {
  const { status, body } = await api.send('PATCH /feature', { [name]: value, answer_soft_timeout_sec: 4 });
  expect(status).toBe(422);
  expect(body.errors).toEqual([{ field: name, reason: expect.stringContaining(reason) }]);
  expect(api.store.flags).toEqual({});
});

test('[FF5] with the store away the last known switches are shown and none is changed', async () => {
  api.store.away = true;
  expect((await api.get('/feature')).body.vad_threshold).toBe(0.5);
  expect((await api.send('PATCH /feature', { vad_threshold: 0.6 })).status).toBe(503);
});

test('[CB9] promised callbacks are listed, moved and cancelled', async () => {
  const due = new Date(Date.now() + 3_600_000).toISOString();
  expect((await api.get(`/reminder?phone_number=${encodeURIComponent(CUSTOMER)}&status=pending`)).body).toEqual([]);
  const moved = await api.send('PATCH /reminder/cb-1', { due_date_time: due });
  expect(moved.body).toEqual({ callback_id: 'cb-1', status: 'pending', due_date_time: due });
  expect((await api.send('PATCH /reminder/cb-1', { due_date_time: '' })).body.errors[0]).toMatchObject({
    field: 'due_date_time',
  });
  expect((await api.send('PATCH /reminder/cb-1', { due_date_time: '2020-01-01T00:00:00Z' })).status).toBe(422);
  const cancelled = await fetch(`${api.url}/reminder/cb-1`, { method: 'DELETE' });
  expect(await cancelled.json()).toMatchObject({ status: 'cancelled' });
  expect(api.temporal.asked.map(({ what }) => what)).toEqual(['reschedule', 'cancel']);
});
