/** What every store promises, whatever lies behind it. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Store } from '../../providers/store.ts';
import type { CallDocument, LiveFacts } from '../../domain/call-document.ts';
import { aCall, aCallback, aNote, aTurn, spoken } from './store-documents.ts';

/** Each test has ids and numbers of its own: one store serves them all. */
const freshId = (): string => `test-${randomUUID()}`;
const freshNumber = (): string => `+1${String(Math.floor(2_000_000_000 + Math.random() * 7_000_000_000))}`;

export function storeSuite(store: () => Store): void {
  callDocuments(store);
  liveTurns(store);
  liveFacts(store);
  callbacks(store);
  switches(store);
}

function callDocuments(store: () => Store): void {
  test('[DS1] a call is read back as it was saved', async () => {
    const call = aCall({
      call_id: freshId(),
      claim: { caller_name: 'Ada Lovelace' },
      messages: [spoken('human', 'Здравствуйте, “wörld” 👋')],
      turns: [aTurn('turn-1')],
      intent_confidence: 0,
    });
    await store().saveCall(call);
    expect(await store().findCall(call.call_id)).toEqual(call);
  });

  test('[DS1] an unknown call is null', async () => {
    expect(await store().findCall(freshId())).toBeNull();
  });

  test('[DS2] an older version that arrives late changes nothing', async () => {
    const call_id = freshId();
    await store().saveCall(aCall({ call_id, version: 3, phase: 'closed' }));
    await store().saveCall(aCall({ call_id, version: 2, phase: 'live' }));
    expect(await store().findCall(call_id)).toMatchObject({ version: 3, phase: 'closed' });
  });

  test('[DS2] versions saved all at once leave the newest', async () => {
    const call_id = freshId();
    const versions = [4, 1, 7, 2, 9, 5, 3, 8, 6];
    await Promise.all(
      versions.map((version) => store().saveCall(aCall({ call_id, version, lang: `v${String(version)}` }))),
    );
    expect(await store().findCall(call_id)).toMatchObject({ version: 9, lang: 'v9' });
  });

  test('[DS2] what a newer version has emptied is empty', async () => {
    const call_id = freshId();
    await store().saveCall(
      aCall({ call_id, version: 1, claim: { caller_name: 'Ada', caller_email: 'ada@example.com' } }),
    );
    await store().saveCall(aCall({ call_id, version: 2, claim: { caller_name: 'Grace' } }));
    expect((await store().findCall(call_id))?.claim).toEqual({ caller_name: 'Grace' });
  });

  test('[DS10] a wrap-up’s fields are laid upon a call that has closed, and bring none forth', async () => {
    const call = aCall({ call_id: freshId(), version: 5, phase: 'closed' });
    const insight = {
      call_id: call.call_id,
      synthesis: { short: 'Leak', long: '# Leak', satisfaction: 'high' as const, improvement_suggestions: 'None' },
      next: { action: 'case_closed' as const, justification: 'Mended' },
      crm: { customer_id: '501', note_id: '1001' },
    };
    await store().saveInsight(insight);
    expect(await store().findCall(call.call_id)).toBeNull();
    await store().saveCall(call);
    await store().saveInsight(insight);
    expect(await store().findCall(call.call_id)).toEqual({ ...call, ...insight });
    await store().saveCall(aCall({ call_id: call.call_id, version: 4 }));
    expect(await store().findCall(call.call_id)).toEqual({ ...call, ...insight });
  });

  test('[DS3] tool arguments keep any key that a model made up', async () => {
    const invented = { $where: 'x', 'a.b': 1, '': null, nested: { $set: { 'c.d': [true] } } };
    const call = aCall({
      call_id: freshId(),
      messages: [
        {
          ...spoken('assistant', ''),
          persona: 'tool',
          tool_calls: [{ name: 'update_claim', arguments: invented, result: 'no', is_error: true }],
        },
      ],
    });
    await store().saveCall(call);
    expect(await store().findCall(call.call_id)).toEqual(call);
  });

  test('[DS4] calls are listed by number and state, newest first, no more than asked', async () => {
    const phone_number = freshNumber();
    const at = (minute: number): string => `2026-11-21T10:0${String(minute)}:00.000Z`;
    const ids = [freshId(), freshId(), freshId()];
    for (const [index, call_id] of ids.entries()) {
      await store().saveCall(aCall({ call_id, phone_number, created_at: at(index), in_progress: index === 1 }));
    }
    const listed = async (query: Parameters<Store['listCalls']>[0]): Promise<string[]> =>
      (await store().listCalls({ phoneNumber: phone_number, ...query })).map((call) => call.call_id);
    expect(await listed({})).toEqual([ids[2], ids[1], ids[0]]);
    expect(await listed({ limit: 2 })).toEqual([ids[2], ids[1]]);
    expect(await listed({ inProgress: true })).toEqual([ids[1]]);
    expect(await listed({ inProgress: false })).toEqual([ids[2], ids[0]]);
    const [last = '', middle = ''] = ids.toReversed();
    expect(await listed({ after: { call_id: last, created_at: at(2) } })).toEqual([ids[1], ids[0]]);
    expect(await listed({ after: { call_id: middle, created_at: at(1) } })).toEqual([ids[0]]);
  });

  test('[DS4] page after page, every call of one moment comes once', async () => {
    const phoneNumber = freshNumber();
    const ids = Array.from({ length: 5 }, freshId);
    for (const call_id of ids) await store().saveCall(aCall({ call_id, phone_number: phoneNumber }));
    const listed: string[] = [];
    let after: CallDocument | undefined;
    do {
      const page = await store().listCalls({ phoneNumber, limit: 2, ...(after === undefined ? {} : { after }) });
      listed.push(...page.map((call) => call.call_id));
      after = page.at(-1);
    } while (after !== undefined);
    expect(listed.toSorted()).toEqual(ids.toSorted());
  });

  test('[DS4] a list is 100 calls long at most', async () => {
    const phone_number = freshNumber();
    await Promise.all(Array.from({ length: 103 }, () => store().saveCall(aCall({ call_id: freshId(), phone_number }))));
    expect(await store().listCalls({ phoneNumber: phone_number })).toHaveLength(100);
    expect(await store().listCalls({ phoneNumber: phone_number, limit: 5_000 })).toHaveLength(100);
  });
}

function liveTurns(store: () => Store): void {
  test('[DS5] turns noted since the last save are read with the call', async () => {
    const call_id = freshId();
    await store().saveCall(aCall({ call_id, messages: [spoken('assistant', 'Hello, Contoso.')] }));
    await store().noteTurn(aNote(call_id, aTurn('t.2', '2026-11-21T10:00:20.000Z'), ['It leaks.', 'Where?']));
    await store().noteTurn(aNote(call_id, aTurn('t.1', '2026-11-21T10:00:10.000Z'), ['Good day.', 'How can I help?']));
    const read = await store().findCall(call_id);
    expect(read?.messages.map((message) => message.content)).toEqual([
      'Hello, Contoso.',
      'Good day.',
      'How can I help?',
      'It leaks.',
      'Where?',
    ]);
    expect(read?.turns.map((turn) => turn.turn_id)).toEqual(['t.1', 't.2']);
    expect(await store().listCalls({ phoneNumber: '+12025550143', limit: 1 })).toHaveLength(1);
  });

  test('[DS5] a turn noted twice is there once', async () => {
    const call_id = freshId();
    await store().saveCall(aCall({ call_id }));
    const note = aNote(call_id, aTurn('turn-1'), ['Yes.', '']);
    await store().noteTurn(note);
    await store().noteTurn(aNote(call_id, aTurn('turn-1'), ['Yes.', 'Very well.']));
    expect((await store().findCall(call_id))?.messages.map((message) => message.content)).toEqual([
      'Yes.',
      'Very well.',
    ]);
  });

  test('[DS5] a saved document that holds the turn wins over its note, whichever comes last', async () => {
    const call_id = freshId();
    const saved = aCall({
      call_id,
      version: 2,
      turns: [aTurn('turn-1')],
      messages: [spoken('human', 'Yes.'), spoken('assistant', 'Very w—')],
    });
    const note = aNote(call_id, aTurn('turn-1'), ['Yes.', 'Very well.']);
    await store().saveCall(aCall({ call_id }));
    await store().noteTurn(note);
    await store().saveCall(saved);
    expect(await store().findCall(call_id)).toEqual(saved);
    await store().noteTurn(note);
    expect(await store().findCall(call_id)).toEqual(saved);
  });

  test('[DS5] the round after the tools is read too, though the document holds the round before them', async () => {
    const call_id = freshId();
    const before = aTurn('turn-1');
    const after = { ...aTurn('turn-1', '2026-11-21T10:00:09.000Z'), usage: { ...before.usage, outputTokens: 7 } };
    const said = [spoken('human', 'It leaks.'), spoken('assistant', 'Let me see.')];
    await store().noteTurn(aNote(call_id, after, ['', 'A plumber comes.']));
    await store().saveCall(aCall({ call_id, turns: [before], messages: said }));
    await store().noteTurn(aNote(call_id, after, ['', 'A plumber comes.']));
    await store().saveCall(aCall({ call_id, version: 2, turns: [before], messages: said }));
    const texts = async (): Promise<string[] | undefined> =>
      (await store().findCall(call_id))?.messages.map((message) => message.content);
    expect(await texts()).toEqual(['It leaks.', 'Let me see.', 'A plumber comes.']);
    await store().saveCall(
      aCall({ call_id, version: 3, turns: [before, after], messages: [...said, spoken('assistant', 'A plumber —')] }),
    );
    expect(await texts()).toEqual(['It leaks.', 'Let me see.', 'A plumber —']);
  });

  test('[DS5] notes of turns so old that documents keep them no more are left out', async () => {
    const call_id = freshId();
    await store().saveCall(aCall({ call_id }));
    await store().noteTurn(aNote(call_id, aTurn('turn-1', '2026-11-21T10:00:01.000Z'), ['First.', '']));
    const kept = [aTurn('turn-2', '2026-11-21T10:00:05.000Z'), aTurn('turn-3', '2026-11-21T10:00:09.000Z')];
    const saved = aCall({ call_id, version: 2, turns: kept, messages: [spoken('human', 'Last.')] });
    await store().saveCall(saved);
    expect(await store().findCall(call_id)).toEqual(saved);
  });

  test('[DS5] a document saved in mid-turn does not show the customer’s words twice', async () => {
    const call_id = freshId();
    await store().saveCall(aCall({ call_id, messages: [spoken('human', 'It leaks.')] }));
    await store().noteTurn(aNote(call_id, aTurn('turn-1'), ['It leaks.', 'Where?']));
    expect((await store().findCall(call_id))?.messages.map((message) => message.content)).toEqual([
      'It leaks.',
      'Where?',
    ]);
  });

  test('[DS5] a note about an unknown call brings none forth', async () => {
    const callId = freshId();
    expect(await store().noteTurn(aNote(callId, aTurn('turn-1'), ['Hello?', '']))).toBe(false);
    expect(await store().findCall(callId)).toBeNull();
    await store().saveCall(aCall({ call_id: callId }));
    expect(await store().findCall(callId)).toMatchObject({ version: 1 });
  });
}

function liveFacts(store: () => Store): void {
  const found = (version: number, claim: Record<string, string>): LiveFacts => ({
    version,
    claim,
    lang: 'de-DE',
    reminders: [],
    dialog_state: 'COLLECTING_DATA',
    intent: 'technical_issue',
    intent_confidence: 0.75,
  });

  test('[DS5] [CL30] what was found out is read from the newest note until a newer document is saved', async () => {
    const call_id = freshId();
    await store().saveCall(aCall({ call_id, version: 2 }));
    const begun = { ...aNote(call_id, aTurn('turn-1'), ['It leaks.', '']), turn: null };
    expect(await store().noteTurn({ ...begun, facts: found(3, { damage: 'A leak' }) })).toBe(true);
    expect(await store().findCall(call_id)).toMatchObject({
      claim: { damage: 'A leak' },
      lang: 'de-DE',
      dialog_state: 'COLLECTING_DATA',
      version: 2,
      turns: [],
      messages: [{ content: 'It leaks.' }],
    });
    const later = aNote(call_id, aTurn('turn-2', '2026-11-21T10:00:20.000Z'), ['At home.', 'Since when?']);
    await store().noteTurn({ ...later, facts: found(5, { damage: 'A leak', place: 'Home' }) });
    expect((await store().findCall(call_id))?.claim).toEqual({ damage: 'A leak', place: 'Home' });
    await store().saveCall(aCall({ call_id, version: 4, claim: { damage: 'A leak' } }));
    expect((await store().findCall(call_id))?.claim).toEqual({ damage: 'A leak', place: 'Home' });
    await store().saveCall(aCall({ call_id, version: 6, claim: { place: 'Office' } }));
    expect(await store().findCall(call_id)).toMatchObject({ claim: { place: 'Office' }, lang: 'en-US' });
  });

  test('[DS5] tools that ran are told with the words around them, once', async () => {
    const call_id = freshId();
    const noting = {
      ...spoken('assistant', 'One moment.'),
      tool_calls: [{ name: 'update_claim', arguments: { updates: [] }, result: 'Stored', is_error: false }],
    };
    await store().saveCall(aCall({ call_id, messages: [spoken('human', 'It leaks.'), noting] }));
    const note = aNote(call_id, aTurn('turn-1'), ['', '']);
    await store().noteTurn({
      ...note,
      messages: [spoken('human', 'It leaks.'), noting, spoken('assistant', 'Noted.')],
    });
    expect((await store().findCall(call_id))?.messages).toEqual([
      spoken('human', 'It leaks.'),
      noting,
      spoken('assistant', 'Noted.'),
    ]);
  });
}

function callbacks(store: () => Store): void {
  test('[DS2] a callback too keeps its newest version', async () => {
    const callback_id = freshId();
    const phone_number = freshNumber();
    await store().saveCallback(aCallback({ callback_id, phone_number, version: 2, status: 'done' }));
    await store().saveCallback(aCallback({ callback_id, phone_number, version: 1, status: 'dialling' }));
    expect(await store().listCallbacks({ phoneNumber: phone_number })).toEqual([
      aCallback({ callback_id, phone_number, version: 2, status: 'done' }),
    ]);
  });

  test('[DS6] callbacks are listed by the instant at which they are due, whatever zone it is written in', async () => {
    const phone_number = freshNumber();
    const due = ['2026-11-22T09:30:00+01:00', '2026-11-22T07:00:00Z', '2026-11-22T08:00:00-05:00'];
    for (const due_date_time of due)
      await store().saveCallback(aCallback({ callback_id: freshId(), phone_number, due_date_time }));
    await store().saveCallback(aCallback({ callback_id: freshId(), phone_number, status: 'cancelled' }));
    const listed = await store().listCallbacks({ phoneNumber: phone_number, status: 'pending' });
    expect(listed.map((callback) => callback.due_date_time)).toEqual([due[1], due[0], due[2]]);
    const [after] = listed;
    if (after === undefined) throw new Error('nothing was listed');
    const others = await store().listCallbacks({ phoneNumber: phone_number, status: 'pending', after });
    expect(others.map((callback) => callback.due_date_time)).toEqual([due[0], due[2]]);
  });

  test('[OO4] all promises to a number that wait or ring are found, however many', async () => {
    const phone_number = freshNumber();
    const many = Array.from({ length: 120 }, () => freshId());
    for (const callback_id of many)
      await store().saveCallback(aCallback({ callback_id, phone_number, status: 'pending' }));
    const ringing = freshId();
    await store().saveCallback(aCallback({ callback_id: ringing, phone_number, status: 'dialling' }));
    for (const status of ['done', 'cancelled', 'failed', 'due'] as const)
      await store().saveCallback(aCallback({ callback_id: freshId(), phone_number, status }));
    await store().saveCallback(aCallback({ callback_id: freshId(), phone_number: freshNumber() }));
    const open = await store().openCallbacksOf(phone_number);
    expect(open.map(({ callback_id }) => callback_id).sort()).toEqual([...many, ringing].sort());
  });
}

function switches(store: () => Store): void {
  test('[DS11] flags are read as they were written, zero and false included; others stay as they were', async () => {
    await store().writeFlags({ recording_enabled: true, callback_timeout_hour: 0 });
    await store().writeFlags({ recording_enabled: false, vad_threshold: 0.7 });
    expect(await store().readFlags()).toMatchObject({
      recording_enabled: false,
      callback_timeout_hour: 0,
      vad_threshold: 0.7,
    });
    await store().writeFlags({});
    expect(await store().readFlags()).toMatchObject({ recording_enabled: false });
  });

  test('[DS7] of many requests under one key the first stands for all', async () => {
    const key = freshId();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        store().claimKey({ key, callId: `call-${String(index)}`, fingerprint: `body-${String(index)}` }),
      ),
    );
    const [first] = answers;
    expect(answers.every((answer) => answer.callId === first?.callId && answer.fingerprint === first.fingerprint)).toBe(
      true,
    );
    expect(await store().claimKey({ key, callId: 'late', fingerprint: 'late' })).toEqual(first);
  });
}
