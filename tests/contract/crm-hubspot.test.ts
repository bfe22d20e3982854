import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asE164 } from '../../domain/ids.ts';
import type { Crm, CrmNote } from '../../providers/crm.ts';
import { createHubspotCrm } from '../../providers/hubspot/crm.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { noCrmFaults } from '../../sandbox/crm/faults.ts';
import { createCrmStandIn } from '../../sandbox/crm/server.ts';

const standIn = createCrmStandIn();
let server: Server;
let baseUrl: string;
let crm: Crm;

const GRACE = '501';
const never = new AbortController().signal;
const number = (text: string): ReturnType<typeof asE164> => asE164(text);
const find = (text: string): ReturnType<Crm['findCustomer']> => crm.findCustomer({ phoneNumber: number(text) }, never);
const aNote = (given: Partial<CrmNote> = {}): CrmNote => ({
  customerId: GRACE,
  externalKey: 'call-17',
  text: 'She asked for a callback.',
  atMs: Date.UTC(2026, 10, 21, 10),
  ...given,
});
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
const addContact = (id: string, properties: Record<string, string | null>, updatedAtMs = 0): void => {
  standIn.state.contacts.set(id, { id, properties, createdAtMs: 0, updatedAtMs });
};
const noteText = (id: string): string => standIn.state.notes.get(id)?.properties['hs_note_body'] ?? '';

beforeAll(async () => {
  server = createServer((req, res) => {
    standIn.handle(req, res).catch((error: unknown) => res.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  crm = createHubspotCrm({ token: 'pat-test', baseUrl: `${baseUrl}/` });
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(() => {
  standIn.state.reset();
  Object.assign(standIn.faults, noCrmFaults());
});

describe('a customer by phone', () => {
  test('[CR11] is found whatever way the number was typed into the record', async () => {
    expect(await find('+12025550143')).toEqual({
      customerId: GRACE,
      name: 'Grace Hopper',
      email: 'grace.hopper@example.com',
      notes: 'Company: Example Compilers',
    });
    expect(await find('+447700900501')).toMatchObject({ customerId: '502', name: 'Alan Turing', notes: null });
    expect(await find('+33199005014')).toMatchObject({ customerId: '503', notes: 'Stage: customer' });
    addContact('504', { firstname: 'Ada', phone: '(202) 555-0177' });
    expect(await find('+12025550177')).toMatchObject({ customerId: '504', name: 'Ada', email: null });
  });

  test('[CR11] is null when unknown', async () => {
    expect(await find('+12025550199')).toBeNull();
  });

  test('[CR12] is never someone whose number has the same digits in another country', async () => {
    addContact('504', { firstname: 'Elsewhere', phone: '+49 7700 900501' });
    standIn.state.contacts.delete('502');
    expect(await find('+447700900501')).toBeNull();
  });

  test('[CR12] of several hits is the one with the very number, then the one changed last', async () => {
    addContact('504', { firstname: 'Typed', phone: '2025550188' }, 9_000_000);
    addContact('505', { firstname: 'Old', mobilephone: '+1 202 555 0188' }, 1_000_000);
    addContact('506', { firstname: 'New', phone: '+12025550188' }, 2_000_000);
    expect(await find('+12025550188')).toMatchObject({ customerId: '506', name: 'New' });
  });

  test('[CR13] that takes longer than the caller waits is given up with the caller’s own reason', async () => {
    standIn.faults.silent = true;
    const budget = AbortSignal.timeout(50);
    expect(await failure(crm.findCustomer({ phoneNumber: number('+12025550143') }, budget))).toBe(budget.reason);
  });
});

describe('a new customer', () => {
  test('[CR4] is created with the name in its parts, and is not in search results at once', async () => {
    const created = await crm.createCustomer({
      phoneNumber: number('+12025550166'),
      name: 'Ada  King Lovelace',
      email: 'ada@example.com',
    });
    expect(standIn.state.contacts.get(created.customerId)?.properties).toEqual({
      phone: '+12025550166',
      firstname: 'Ada',
      lastname: 'King Lovelace',
      email: 'ada@example.com',
    });
    expect(await find('+12025550166')).toBeNull();
    standIn.faults.indexLagMs = 0;
    expect(await find('+12025550166')).toMatchObject({ customerId: created.customerId, name: 'Ada King Lovelace' });
  });

  test('[CR4] of whom only the number is known is created with that', async () => {
    const { customerId } = await crm.createCustomer({ phoneNumber: number('+12025550166'), name: null, email: null });
    expect(standIn.state.contacts.get(customerId)?.properties).toEqual({ phone: '+12025550166' });
  });

  test('[CR4] whose e-mail address is known already is that contact', async () => {
    const wish = { phoneNumber: number('+12025550166'), name: 'Grace', email: 'Grace.Hopper@example.com' };
    expect(await crm.createCustomer(wish)).toMatchObject({ customerId: GRACE });
    expect(standIn.state.contacts.size).toBe(3);
  });
});

describe('a note', () => {
  test('[CR5] stands at the customer, carries its key and time, and shows what was said as it was said', async () => {
    const { noteId } = await crm.createNote(aNote({ text: 'Said: <b>5 > 4 & "3"</b>\nSecond line' }));
    const note = standIn.state.notes.get(noteId);
    expect(note?.contactIds).toEqual([GRACE]);
    expect(note?.properties['hs_timestamp']).toBe('2026-11-21T10:00:00.000Z');
    expect(noteText(noteId)).toBe(
      'Said: &lt;b&gt;5 &gt; 4 &amp; &quot;3&quot;&lt;/b&gt;<br>Second line<p>[evercall:call-17]</p>',
    );
  });

  test('[CR5] longer than the CRM takes is cut, its key is not', async () => {
    const { noteId } = await crm.createNote(aNote({ text: '"long" '.repeat(30_000) }));
    expect(noteText(noteId).length).toBeLessThanOrEqual(65_536);
    expect(noteText(noteId)).toMatch(/\[evercall:call-17\]<\/p>$/);
    expect(await crm.findNote({ customerId: GRACE, externalKey: 'call-17' })).toEqual({ noteId });
  });

  test('[CR5] is created too where the answer is 200', async () => {
    standIn.faults.createAnswers200 = true;
    const { noteId } = await crm.createNote(aNote());
    expect(standIn.state.notes.has(noteId)).toBe(true);
  });

  test('[CR6] is changed in place by a later wrap-up', async () => {
    const { noteId } = await crm.createNote(aNote());
    await crm.updateNote(noteId, aNote({ text: 'She rang again.' }));
    expect(standIn.state.notes.size).toBe(1);
    expect(noteText(noteId)).toContain('She rang again.');
    expect(await crm.findNote({ customerId: GRACE, externalKey: 'call-17' })).toEqual({ noteId });
  });

  test('[CR6] that somebody deleted is not found', async () => {
    expect(await failure(crm.updateNote('999', aNote()))).toMatchObject({
      kind: 'not_found',
      message: expect.not.stringContaining('999'),
    });
  });
});

describe('a doubtful note', () => {
  for (const how of ['error', 'reset'] as const) {
    test(`[CR7] (${how}) is found through the customer’s own notes, never by search`, async () => {
      Object.assign(standIn.faults, { createWithoutAckNext: 1, createWithoutAckHow: how });
      const error = await failure(crm.createNote(aNote()));
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ vendor: 'hubspot', kind: 'in_doubt' });
      const [noteId] = [...standIn.state.notes.keys()];
      expect(await crm.findNote({ customerId: GRACE, externalKey: 'call-17' })).toEqual({ noteId });
      expect(standIn.state.requests.filter((request) => request.includes('search'))).toEqual([]);
    });
  }

  test('[CR7] that was not written is not found, and one with a longer key is another', async () => {
    await crm.createNote(aNote({ externalKey: 'call-171' }));
    await crm.createNote(aNote({ customerId: '502', externalKey: 'call-17' }));
    expect(await crm.findNote({ customerId: GRACE, externalKey: 'call-17' })).toBeNull();
  });

  test('[CR7] is found among more notes than one page and one batch hold', async () => {
    const { noteId } = await crm.createNote(aNote());
    for (let id = 2_000; id < 2_620; id += 1) {
      const properties = { hs_note_body: 'older', hs_timestamp: '2026-01-01T00:00:00Z' };
      standIn.state.notes.set(String(id), {
        id: String(id),
        properties,
        createdAtMs: 0,
        updatedAtMs: 0,
        contactIds: [GRACE],
      });
    }
    expect(await crm.findNote({ customerId: GRACE, externalKey: 'call-17' })).toEqual({ noteId });
    expect(standIn.state.requests.filter((request) => request.startsWith('GET'))).toHaveLength(2);
  });

  test('[CR7] a new customer’s creation is in doubt likewise', async () => {
    Object.assign(standIn.faults, { createWithoutAckNext: 1 });
    const wish = { phoneNumber: number('+12025550166'), name: null, email: null };
    expect(await failure(crm.createCustomer(wish))).toMatchObject({ kind: 'in_doubt' });
  });
});

describe('what the CRM’s refusals mean', () => {
  test('[CR8] a wrong token asks for a person', async () => {
    standIn.faults.unauthorized = true;
    expect(await failure(find('+12025550143'))).toMatchObject({ kind: 'credentials' });
    expect(await failure(crm.createNote(aNote()))).toMatchObject({ kind: 'credentials' });
  });

  test('[CR8] a limit tells how long to wait: by its header, or by the window of its policy', async () => {
    Object.assign(standIn.faults, { tooManyNext: 1, retryAfterS: 3 });
    expect(await failure(crm.createNote(aNote()))).toMatchObject({ kind: 'rate_limit', retryAfterMs: 3_000 });
    Object.assign(standIn.faults, { tooManyNext: 1, retryAfterS: null });
    expect(await failure(find('+12025550143'))).toMatchObject({ kind: 'rate_limit', retryAfterMs: 10_000 });
    Object.assign(standIn.faults, { tooManyNext: 1, tooManyPolicy: 'DAILY' });
    expect(await failure(find('+12025550143'))).toMatchObject({ kind: 'quota', retryAfterMs: null });
    expect(standIn.state.notes.size).toBe(0);
  });

  test('[CR8] a fault while reading is the vendor’s, a refused shape is ours', async () => {
    standIn.faults.errorNext = 1;
    expect(await failure(find('+12025550143'))).toMatchObject({ kind: 'vendor_fault' });
    expect(
      await failure(
        crm.createCustomer({ phoneNumber: number('+12025550166'), name: null, email: 7 as unknown as string }),
      ),
    ).toMatchObject({
      kind: 'bad_request',
    });
  });

  test('[CR8] nobody at the address: nothing was written, so nothing is in doubt', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const away = createHubspotCrm({ token: 'pat-test', baseUrl: `http://127.0.0.1:${port}` });
    expect(await failure(away.createNote(aNote()))).toMatchObject({ kind: 'unreachable' });
  });

  test('[CR8] no message repeats a name, a number or a token', async () => {
    standIn.faults.errorNext = 1;
    const errors = [
      await failure(find('+12025550143')),
      await failure(crm.createNote(aNote({ customerId: '424242', text: 'secret words' }))),
    ];
    for (const error of errors) expect(String(error)).not.toMatch(/2025550143|424242|secret|pat-test/);
  });
});
