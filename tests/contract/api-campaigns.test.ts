import { afterEach, beforeEach, expect, test } from 'vitest';
import { asCampaignId } from '../../domain/ids.ts';
import { startApi, type ApiHarness, type Answer } from '../kit/api-harness.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const BODY = {
  name: 'Spring',
  task: 'Ask {{first_name}} for the order.',
  claim: [{ name: 'order', type: 'text', description: null }],
};
const ANN = '+447700900123';
const BEN = '+447700900124';

async function campaign(body: object = BODY, headers: Record<string, string> = {}): Promise<string> {
  const made = await api.send('POST /campaign', body, headers);
  expect(made.status).toBe(201);
  return made.body.campaign_id as string;
}

async function upload(id: string, csv: string): Promise<Answer> {
  const reply = await fetch(`${api.url}/campaign/${id}/contacts`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, body: JSON.parse(text) };
}

test('[CG2] a campaign is made as a draft, started, paused, changed, resumed and stopped', async () => {
  const id = await campaign({ ...BODY, retry: { busy: { attempts: 2, after_min: [1] } } });
  expect((await api.get(`/campaign/${id}`)).body).toMatchObject({
    status: 'draft',
    retry: { attempts_max: 4, busy: { attempts: 2, after_min: [1] }, no_answer: { attempts: 3 } },
  });
  expect((await api.send(`PATCH /campaign/${id}`, { concurrency: 3 })).body).toMatchObject({ concurrency: 3 });
  expect((await api.send(`POST /campaign/${id}/start`, {})).body).toMatchObject({ status: 'running' });
  expect(api.campaigns.running.get(id)?.settings.concurrency).toBe(3);
  expect((await api.send(`POST /campaign/${id}/start`, {})).status).toBe(200);
  expect((await api.send(`POST /campaign/${id}/pause`, {})).body).toMatchObject({ status: 'paused' });
  expect((await api.send(`POST /campaign/${id}/resume`, {})).body).toMatchObject({ status: 'running', reason: null });
  expect((await api.send(`POST /campaign/${id}/stop`, {})).body).toMatchObject({ status: 'stopping' });
});

test('[CG14] an order to a campaign that does not run says how it stands', async () => {
  const id = await campaign();
  expect(await api.send(`POST /campaign/${id}/pause`, {})).toMatchObject({
    status: 409,
    body: { detail: 'the campaign has not been started' },
  });
  const ended = await api.store.campaigns.findCampaign(asCampaignId(id));
  if (ended === null) throw new Error('there is no such campaign');
  await api.store.campaigns.saveCampaign({ ...ended, version: ended.version + 1, status: 'completed' });
  for (const order of ['pause', 'resume', 'stop'])
    expect((await api.send(`POST /campaign/${id}/${order}`, {})).body).toMatchObject({
      detail: 'the campaign is completed',
    });
  expect(await api.send('POST /campaign/none/stop', {})).toMatchObject({
    status: 404,
    body: { detail: 'no campaign none' },
  });
});

test('[CH5] hours that end before they begin are refused, with the window named', async () => {
  const overnight = { ...BODY, windows: [{ days: [1], from: '22:00', to: '02:00' }] };
  const refused = await api.send('POST /campaign', overnight);
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'windows.0' }] } });
  expect(JSON.stringify(refused.body)).toContain('two windows');
});

test('[CG14] a list without a column of numbers is refused as a whole', async () => {
  const id = await campaign();
  const refused = await upload(id, 'name,town\nAnn,Leeds\n');
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toMatch(/phone_number among them; here it is: name, town/);
});

test('[AP3] the same Idempotency-Key is the same campaign; with another body it is refused', async () => {
  const [one, two] = [
    await campaign(BODY, { 'idempotency-key': 'k' }),
    await campaign(BODY, { 'idempotency-key': 'k' }),
  ];
  expect(two).toBe(one);
  const other = await api.send('POST /campaign', { ...BODY, name: 'Else' }, { 'idempotency-key': 'k' });
  expect(other.status).toBe(422);
  expect(other.headers.get('content-type')).toContain('problem+json');
});

test('[CG5] contacts as CSV: taken, merged and rejected rows are told; the same file again adds nobody', async () => {
  const id = await campaign();
  const csv = `phone_number,first_name,claim.order\n${ANN},Ann,A-1\n07700900123,Anne,\nx,Cid,\n${BEN},Ben,\n`;
  const first = await upload(id, csv);
  expect(first.body).toMatchObject({
    added: 2,
    merged: [{ row: 3, reason: 'the same number as row 2' }],
    rejected: [{ row: 4, field: 'phone_number' }],
  });
  expect((await upload(id, csv)).body).toMatchObject({ added: 0 });
  const { body } = await api.get(`/campaign/${id}/contacts?state=pending`);
  expect(body).toHaveLength(2);
  const contacts = body as { phone_number: string }[];
  expect(contacts.find((one) => one.phone_number === ANN)).toMatchObject({
    variables: { first_name: 'Anne' },
    claim: { order: 'A-1' },
  });
});

test('[CG5] contacts as JSON, row by row; another type is refused', async () => {
  const id = await campaign();
  const contacts = [{ phone_number: ANN, variables: { first_name: 'Ann' } }, { phone_number: 7 }];
  expect((await api.send(`POST /campaign/${id}/contacts`, { contacts })).body).toMatchObject({
    added: 1,
    rejected: [{ row: 2, field: 'phone_number' }],
  });
  const other = await api.send(`POST /campaign/${id}/contacts`, {}, { 'content-type': 'text/plain' });
  expect(other.status).toBe(415);
  expect((await api.send('POST /campaign/none/contacts', { contacts })).status).toBe(404);
});

test('[CG6] results tell every contact, as JSON and as CSV that no spreadsheet runs', async () => {
  const id = await campaign();
  await upload(id, `phone_number,first_name,claim.order\n${ANN},=1+1,A-1\n${BEN},"Ben, ""B""",\n`);
  const { body } = await api.get(`/campaign/${id}/results`);
  expect(body).toHaveLength(2);
  const { text, headers } = await api.get(`/campaign/${id}/results`, { accept: 'text/csv' });
  expect(headers.get('content-type')).toContain('text/csv');
  const lines = text.trim().split('\n').sort();
  expect(lines).toEqual(
    [
      'phone_number,state,disposition,attempts,outcomes,last_attempt_at,call_id,zone,summary,first_name,claim.order,claim.caller_email,claim.caller_name,claim.caller_phone',
      `${ANN},pending,,0,,,,,,'=1+1,A-1,,,`,
      `${BEN},pending,,0,,,,,,"Ben, ""B""",,,,`,
    ].sort(),
  );
  expect((await api.get(`/campaign/${id}/progress`)).body).toMatchObject({ contacts: 2, by_state: { pending: 2 } });
});

test('[CG6] what an earlier call took down stays in the results when the newest rang in vain', async () => {
  const id = await campaign();
  await upload(id, `phone_number,claim.order,claim.caller_name\n${ANN},A-1,Ann\n`);
  const [contact] = api.store.lists.contacts.values();
  if (contact === undefined) throw new Error('no contact');
  const attempts = ['spoke', 'spoke-again', 'in-vain'].map((call_id) => ({
    attempt_id: `a-${call_id}`,
    call_id,
    at_ms: 1,
    gate: { checked_at_ms: 1, opted_out: false },
    outcome: 'dropped' as const,
    ended_at_ms: 2,
    record_id: null,
  }));
  await api.store.campaigns.changeContact({ ...contact, revision: 2, attempts });
  const { claims } = api.store.lists;
  claims.set('spoke', { claim: { order: 'A-17', caller_name: 'Ann' }, summary: 'An order' });
  claims.set('spoke-again', { claim: { order: 'A-18', caller_name: 'Anna' }, summary: 'A corrected order' });
  claims.set('in-vain', { claim: { order: 'A-1', caller_name: 'Ann' }, summary: null });
  expect((await api.get(`/campaign/${id}/results`)).body).toMatchObject([
    { claim: { order: 'A-18', caller_name: 'Anna' }, summary: 'A corrected order' },
  ]);
  expect((await api.get(`/campaign/${id}/results?format=csv`)).text).toContain('A corrected order,A-18');
});

test('[CG7] a campaign of before that has nobody to try can be asked and stopped', async () => {
  const id = await campaign();
  await api.send(`POST /campaign/${id}/start`, {});
  const running = api.campaigns.running.get(id);
  if (running === undefined) throw new Error('it does not run');
  running.probe = { atMs: Number.MAX_SAFE_INTEGER, attemptId: null, failures: 0 };
  expect(await api.get(`/campaign/${id}/progress`)).toMatchObject({ status: 200, body: { probe_at: null } });
  expect((await api.send(`POST /campaign/${id}/stop`, {})).status).toBe(200);
});

test('[CG15] contacts for a campaign that does not run: the answer says what they wait for, and a stopped one takes none', async () => {
  const id = await campaign();
  expect((await upload(id, `phone_number\n${ANN}\n`)).body.note).toMatch(/has not been started/);
  await api.send(`POST /campaign/${id}/start`, {});
  expect((await upload(id, `phone_number\n${BEN}\n`)).body).toMatchObject({ added: 1, note: null });
  api.campaigns.running.delete(id);
  const stands = await api.store.campaigns.findCampaign(asCampaignId(id));
  if (stands === null) throw new Error('no such campaign');
  await api.store.campaigns.saveCampaign({ ...stands, version: 90, status: 'completed' });
  const late = await upload(id, 'phone_number\n+447700900125\n');
  expect(late.body).toMatchObject({ added: 1, note: expect.stringMatching(/has ended.*once it is started/) as string });
  await api.store.campaigns.saveCampaign({ ...stands, version: 91, status: 'stopped' });
  expect((await upload(id, 'phone_number\n+447700900126\n')).status).toBe(409);
});

test('[CG16] progress says that the configuration leaves campaigns no call, and which of it', async () => {
  const id = await campaign();
  await api.send(`POST /campaign/${id}/start`, {});
  const running = api.campaigns.running.get(id);
  if (running === undefined) throw new Error('it does not run');
  running.waitsFor = 'configuration';
  const { body } = await api.get(`/campaign/${id}/progress`);
  expect(body).toMatchObject({
    waiting_for: 'configuration',
    asks: expect.stringContaining('calls_at_once') as string,
  });
  running.waitsFor = 'places';
  expect((await api.get(`/campaign/${id}/progress`)).body).toMatchObject({ waiting_for: 'places', asks: null });
});

test('[CH3] progress says that a zone is wanted; given, the contact waits for its turn', async () => {
  const id = await campaign();
  await upload(id, `phone_number\n${ANN}\n`);
  const [contact] = api.store.lists.contacts.values();
  if (contact === undefined) throw new Error('no contact');
  await api.store.campaigns.changeContact({ ...contact, revision: 2, state: 'needs_zone' });
  expect((await api.get(`/campaign/${id}/progress`)).body.asks).toContain('1 contacts');
  expect((await api.send(`PATCH /campaign/${id}/contacts/${ANN}`, { zone: 'Mars/Base' })).status).toBe(422);
  expect((await api.send(`PATCH /campaign/${id}/contacts/${ANN}`, { zone: 'Europe/Paris' })).body).toMatchObject({
    state: 'pending',
    zones: ['Europe/Paris'],
  });
  expect(api.campaigns.told).toContain(id);
});

test('[CH6] hours that never meet are asked for; a row with other hours takes back who was given up', async () => {
  const id = await campaign();
  await upload(id, `phone_number\n${ANN}\n${BEN}\n`);
  const contactOf = (number: string) => {
    const found = [...api.store.lists.contacts.values()].find(({ phone_number }) => phone_number === number);
    if (found === undefined) throw new Error(`no ${number}`);
    return found;
  };
  const { changeContact } = api.store.campaigns;
  await changeContact({ ...contactOf(ANN), revision: 2, state: 'needs_hours' });
  await changeContact({ ...contactOf(BEN), revision: 2, state: 'done', disposition: 'never_callable' });
  expect((await api.get(`/campaign/${id}/progress`)).body.asks).toMatch(/^1 contacts .* with other windows$/);
  expect((await upload(id, `phone_number,hours\n${BEN},10:00-12:00\n`)).body.merged).toMatchObject([
    { row: 2, reason: 'on the list already: what the row says more was added' },
  ]);
  expect(contactOf(BEN)).toMatchObject({ state: 'pending', disposition: null });
  await changeContact({ ...contactOf(ANN), revision: 3, state: 'done', disposition: 'opted_out' });
  expect((await upload(id, `phone_number\n${ANN}\n`)).body.merged).toMatchObject([
    { row: 2, reason: 'on the list already: done with, as opted out' },
  ]);
});

test('[CH2] a zone that a person gave stays, by row or by hand, when the list is added again without it', async () => {
  const id = await campaign();
  const zones = async (): Promise<string[][]> =>
    ((await api.get(`/campaign/${id}/contacts`)).body as { phone_number: string; zones: string[] }[])
      .sort((one, other) => (one.phone_number < other.phone_number ? -1 : 1))
      .map((contact) => contact.zones);
  await upload(id, `phone_number,zone\n${ANN},America/New_York\n${BEN},\n`);
  await api.send(`PATCH /campaign/${id}/contacts/${BEN}`, { zone: 'Asia/Tokyo' });
  await upload(id, `phone_number,first_name\n${ANN},Ann\n${ANN},Anne\n${BEN},Ben\n`);
  expect(await zones()).toEqual([['America/New_York'], ['Asia/Tokyo']]);
  await upload(id, `phone_number,zone\n${ANN},Europe/Paris\n`);
  expect(await zones()).toEqual([['Europe/Paris'], ['Asia/Tokyo']]);
});

test('[OO3] an opt-out stops the waiting contacts of a number in every campaign, and can be taken back', async () => {
  const ids = [await campaign(), await campaign()];
  for (const id of ids) await upload(id, `phone_number\n${ANN}\n${BEN}\n`);
  const done = await api.send('POST /opt-out', { phone_number: '07700 900123', reason: 'asked by letter' });
  expect(done.body).toMatchObject({ phone_number: ANN, stopped_contacts: 2 });
  expect([...done.body.campaigns].sort()).toEqual([...ids].sort());
  expect((await api.get('/opt-out')).body).toMatchObject([{ phone_number: ANN, source: 'api' }]);
  for (const id of ids)
    expect((await api.get(`/campaign/${id}/contacts?state=done`)).body).toMatchObject([
      { phone_number: ANN, disposition: 'opted_out' },
    ]);
  expect((await api.send(`DELETE /opt-out/${ANN}`, undefined)).status).toBe(204);
  expect((await api.send(`DELETE /opt-out/${ANN}`, undefined)).status).toBe(404);
  expect((await api.send('POST /opt-out', { phone_number: 'x' })).status).toBe(422);
});

test('[CG5] [OO3] without the store nothing is pretended', async () => {
  api.store.away = true;
  expect((await api.send('POST /campaign', BODY)).status).toBe(503);
  expect((await api.send('POST /opt-out', { phone_number: ANN })).status).toBe(503);
});

test('[ER6] ids of a contact differ from campaign to campaign, and an erasure tells what the histories keep', async () => {
  const ids = [await campaign(), await campaign({ ...BODY, name: 'Summer' })];
  for (const id of ids) expect((await upload(id, `phone_number\n${ANN}`)).body).toMatchObject({ added: 1 });
  const contactIds = [...api.store.lists.contacts.values()].map(({ contact_id }) => contact_id);
  expect(new Set(contactIds).size).toBe(2);
  const erased = await api.send(`DELETE /customer/${ANN}`, undefined);
  expect(erased.body).toMatchObject({ erased: { campaign_contacts: 2 } });
  const told = (erased.body.not_erased as { where: string; what: string }[]).find(({ where }) =>
    /campaign/.test(where),
  );
  for (const id of ids) expect(told?.what).toContain(id);
});
