import { expect, test } from 'vitest';
import { asLegId, callWorkflowId, lineWorkflowId } from '../../domain/ids.ts';
import { phrase } from '../../domain/phrases.ts';
import { houseForEachTest } from './each-test.ts';
import { untilTrue } from './house.ts';

const opened = houseForEachTest();

test('[CL1] [WU2] a call is told from the first ring to the wrapped-up report', async () => {
  const house = opened.current;
  const { outcome, callId, legId } = await house.ringIn();
  expect(outcome).toBe('new');
  const { seed, connectId } = await house.attach(callId, 'h1');
  expect(seed.opening.kind).toBe('greeting');

  const host = await house.host('h1');
  host.answer = (input) => {
    if (input.say !== null) return { said: input.say };
    if (input.utterance.startsWith('My order') && input.round === 0) {
      return {
        said: 'Let me note that.',
        ended: 'awaiting_tools',
        toolCalls: [
          { toolUseId: 't1', name: 'update_claim', arguments: { updates: [{ field: 'order_number', value: 'A17' }] } },
        ],
      };
    }
    if (input.round === 1) return { said: `I have it: ${input.toolResults[0]?.content ?? ''}` };
    return {
      said: 'Goodbye!',
      ended: 'awaiting_tools',
      toolCalls: [{ toolUseId: 't2', name: 'end_call', arguments: {} }],
    };
  };
  await house.turn(callId, connectId, {
    utterance: 'My order A17 has not come',
    heard: [{ turnId: seed.opening.kind === 'none' ? '' : seed.opening.turnId, heardText: '', complete: true }],
  });
  expect((await house.view(callId)).document.claim['order_number']).toBe('A17');
  await house.turn(callId, connectId, { utterance: 'Thank you, goodbye' });
  await untilTrue(() => house.world.hungUp.includes(legId));
  await house.hangsUp(legId, { host, connectId });

  const result: unknown = await house.call(callId).result();
  expect(result).toEqual({ callId, disposition: 'completed' });
  await untilTrue(() => house.world.calls.get(callId)?.synthesis != null);
  const document = house.world.calls.get(callId);
  expect(document?.messages.map((message) => message.content).filter((text) => text !== '')).toEqual([
    seed.opening.kind === 'none' ? '' : seed.opening.text,
    'My order A17 has not come',
    'Let me note that.',
    expect.stringContaining('order_number = A17'),
    'Thank you, goodbye',
    'Goodbye!',
  ]);
  expect(document?.phase).toBe('closed');
  await house.client.getHandle(lineWorkflowId(house.key)).result();
  expect((await house.client.getHandle(callWorkflowId(callId)).describe()).status.name).toBe('COMPLETED');
});

test('[CL2] silence is asked about, then ends the call with a goodbye; it can be resumed', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  for (let silence = 1; silence <= 3; silence += 1)
    await house.turn(callId, connectId, { utterance: '', via: 'silence' });
  expect(host.asked).toHaveLength(3);
  expect(new Set(host.asked.map((asked) => asked.say)).size).toBe(2);
  await untilTrue(() => house.world.hungUp.includes(legId));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
});

test('[ST130] a bot without a voice promises a call, says so and hangs up; the call can be resumed', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  await house.turn(callId, connectId, { utterance: '', via: 'mute' });
  expect(host.asked.map((asked) => asked.say)).toEqual([phrase('no_voice', 'en-US')]);
  await untilTrue(() => house.world.hungUp.includes(legId));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  const [promised] = (await house.view(callId)).document.reminders;
  expect(promised).toMatchObject({ owner: 'assistant', title: 'Call back after technical trouble' });
});

test('[ST131] a bot without ears asks for a key, promises a call for it, and else brings a human', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = (input) => ({ said: input.say ?? 'Yes, I can.' });
  const says = async (via: 'deaf' | 'keypad' | 'speech', utterance = ''): Promise<string | null | undefined> => {
    await house.turn(callId, connectId, { utterance, via });
    return host.asked.at(-1)?.say;
  };
  expect(await says('deaf')).toBe(phrase('no_ears', 'en-US'));
  // Heard again in between: the next time begins anew.
  expect(await says('speech', 'Hello, can you hear me')).toBeNull();
  expect(await says('deaf')).toBe(phrase('no_ears', 'en-US'));
  expect(await says('keypad', '1')).toBe(phrase('no_voice', 'en-US'));
  await untilTrue(() => house.world.hungUp.includes(legId));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.reminders.length === 1);
});

test('[CL2] words between silences begin the count anew', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ say }) => ({ said: say ?? 'I see.' });
  for (const utterance of ['', '', 'I am here', '', ''])
    await house.turn(callId, connectId, { utterance, via: utterance === '' ? 'silence' : 'speech' });
  expect(house.world.hungUp).toEqual([]);
});

test('[TL16] the same tool with the same arguments runs once a turn, and a third time the model is told to go on', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ allowTools, round }) =>
    allowTools
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: `t${round}`, name: 'send_sms', arguments: { message: 'Hello' } }],
        }
      : { said: 'Done.' };
  await house.turn(callId, connectId, { utterance: 'Text me hello' });
  expect(house.world.sms).toEqual(['Hello']);
  const { document } = await house.view(callId);
  expect(document.messages.filter(({ action }) => action === 'sms')).toHaveLength(1);
  expect(host.asked.map((asked) => asked.toolResults.map((result) => result.isError))).toEqual([
    [],
    [false],
    [false],
    [true],
  ]);
  expect(host.asked.map((asked) => asked.allowTools)).toEqual([true, true, true, false]);
});

test('[TL17] tools of one reply run side by side; what they do is laid down in their order', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const note = (value: string) => ({
    name: 'update_claim',
    arguments: { updates: [{ field: 'order_number', value }] },
  });
  host.answer = ({ round }) =>
    round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [
            { toolUseId: 'a', ...note('A17') },
            { toolUseId: 'b', name: 'send_sms', arguments: { message: 'Hello' } },
            { toolUseId: 'c', ...note('A18') },
          ],
        }
      : { said: 'Done.' };
  await house.turn(callId, connectId, { utterance: 'A17, no, A18, and text me' });
  expect((await house.view(callId)).document.claim['order_number']).toBe('A18');
  expect(host.asked[1]?.toolResults.map(({ toolUseId }) => toolUseId)).toEqual(['a', 'b', 'c']);
  const { events = [] } = await house.call(callId).fetchHistory();
  const kinds = (events ?? []).flatMap((event) => {
    if (event.activityTaskScheduledEventAttributes?.activityType?.name === 'runTool') return ['scheduled'];
    return event.activityTaskCompletedEventAttributes == null ? [] : ['completed'];
  });
  expect(kinds.join(' ')).toContain('scheduled scheduled scheduled');
});

test('[TL21] a tool whose worker dies is begun again within seconds', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const updates = [{ field: 'order_number', value: 'A17' }];
  host.answer = ({ round }) =>
    round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't', name: 'update_claim', arguments: { updates } }],
        }
      : { said: 'Noted.' };
  house.world.toolsDying = 1;
  const startedAtMs = await house.env.currentTimeMs();
  const turn = house.turn(callId, connectId, { utterance: 'A17' });
  await untilTrue(() => house.world.toolsDying === 0);
  await house.env.sleep(2_400);
  await turn;
  expect((await house.view(callId)).document.claim['order_number']).toBe('A17');
  // Its limit for one try is 6 s.
  expect((await house.env.currentTimeMs()) - startedAtMs).toBeLessThan(5_000);
});

test('[CL30] a turn saves nothing by itself; one that its host could not note does', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ round, utterance }) => {
    if (utterance === 'Not noted') return { said: 'Yes.', noted: false };
    const updates = [{ field: 'order_number', value: 'A17' }];
    return round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't', name: 'update_claim', arguments: { updates } }],
        }
      : { said: 'Noted.' };
  };
  await untilTrue(() => house.world.saves.length > 0);
  const before = house.world.saves.length;
  await house.turn(callId, connectId, { utterance: 'A17' });
  expect(house.world.saves).toHaveLength(before);
  const asked = host.asked.at(-1);
  expect(asked?.facts?.claim['order_number']).toBe('A17');
  expect(asked?.version).toBeGreaterThan(house.world.saves.at(-1)?.version ?? Infinity);
  await house.turn(callId, connectId, { utterance: 'Not noted' });
  await untilTrue(() => house.world.saves.length > before);
  expect(house.world.saves.at(-1)?.claim['order_number']).toBe('A17');
  expect(house.world.saves.at(-1)?.version).toBeGreaterThan(asked?.version ?? Infinity);
});

const goodbye = (ended: 'played' | 'interrupted') => ({
  said: '',
  heardText: '',
  ended,
  heardComplete: ended === 'played',
});

test('[TT3] a goodbye is heard to its end before the line is touched', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const heardOut = Promise.withResolvers<undefined>();
  host.answer = async ({ round }) => {
    if (round === 0)
      return {
        said: 'Goodbye!',
        ended: 'awaiting_tools',
        toolCalls: [{ toolUseId: 't', name: 'end_call', arguments: {} }],
      };
    await heardOut.promise;
    return goodbye('played');
  };
  const turn = house.turn(callId, connectId, { utterance: 'That is all' });
  await untilTrue(() => host.asked.length === 2);
  // Its words were said with the request: the last round waits for their sound alone.
  expect(host.asked[1]).toMatchObject({ say: '', allowTools: false });
  expect(house.world.hungUp).toEqual([]);
  heardOut.resolve(undefined);
  await turn;
  await untilTrue(() => house.world.hungUp.includes(legId));
});

test('[TT3] who speaks into the goodbye keeps the bot', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ round, utterance }) => {
    if (utterance === 'Wait') return { said: 'Yes?' };
    return round === 0
      ? { said: 'Goodbye!', ended: 'awaiting_tools', toolCalls: [{ toolUseId: 't', name: 'end_call', arguments: {} }] }
      : goodbye('interrupted');
  };
  await house.turn(callId, connectId, { utterance: 'That is all' });
  await house.turn(callId, connectId, { utterance: 'Wait' });
  expect(house.world.hungUp).toEqual([]);
  const { document } = await house.view(callId);
  expect(document.phase).toBe('live');
  expect(document.messages.at(-1)?.content).toBe('Yes?');
});

test('[TT3] who speaks into the announcement of a colleague keeps the bot', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ say }) => (say === null ? { said: 'Gladly.' } : { ...goodbye('interrupted'), said: say });
  await house.turn(callId, connectId, { utterance: 'I want to speak to a real person' });
  await house.turn(callId, connectId, { utterance: 'My order is A17, you do it' });
  expect(house.world.operatorsRung).toEqual([]);
  expect((await house.view(callId)).document.phase).toBe('live');
});

test('[CM1] [TL1] a claim update of which one value does not fit changes nothing', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const updates = [
    { field: 'order_number', value: 'A17' },
    { field: 'caller_email', value: 'no address at all' },
  ];
  host.answer = ({ round }) =>
    round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't', name: 'update_claim', arguments: { updates } }],
        }
      : { said: 'How is it spelled?' };
  await house.turn(callId, connectId, { utterance: 'A17 and my mail is' });
  const { document } = await house.view(callId);
  expect(document.claim).toEqual({ caller_phone: expect.any(String) as string });
  expect(document.messages.flatMap((message) => message.tool_calls)).toMatchObject([
    { name: 'update_claim', is_error: true },
  ]);
});

test('[TT2] who speaks on gets the newer answer; tools of the older one run once and tell the newer', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const overtaken = Promise.withResolvers<undefined>();
  host.answer = async ({ utterance }) => {
    if (utterance === 'Send me') {
      await overtaken.promise;
      return {
        said: 'I',
        heardText: '',
        heardComplete: false,
        ended: 'superseded',
        toolCalls: [{ toolUseId: 't', name: 'send_sms', arguments: { message: 'No' } }],
      };
    }
    return { said: 'Which address?' };
  };
  const first = house.turn(callId, connectId, { utterance: 'Send me' });
  await untilTrue(() => host.asked.length === 1);
  const second = house.turn(callId, connectId, { utterance: 'a letter, please' });
  await untilTrue(() => host.asked.length === 2);
  overtaken.resolve(undefined);
  await Promise.all([first, second]);
  expect(house.world.sms).toEqual([]);
  const { document } = await house.view(callId);
  expect(document.messages.map((message) => message.content)).toEqual([
    'Send me',
    'a letter, please',
    'Which address?',
  ]);
});

test('[TT1] history holds what was heard', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ utterance }) =>
    utterance === 'stop'
      ? { said: 'Yes?' }
      : { said: 'First this. Then that.', heardText: 'First this.', heardComplete: false, ended: 'interrupted' };
  await house.turn(callId, connectId, { utterance: 'Tell me' });
  await house.turn(callId, connectId, { utterance: 'stop' });
  const { document } = await house.view(callId);
  expect(document.messages.find((message) => message.content === 'First this.')).toMatchObject({
    persona: 'assistant',
    interrupted: true,
  });
});

test('[CL7] webhooks twice, late and in any order change nothing', async () => {
  const house = opened.current;
  const { callId } = await house.ringOut();
  await untilTrue(() => house.world.dialled.length === 1);
  const attemptId = house.world.dialled[0]?.attemptId ?? null;
  const legId = asLegId('leg-1');
  for (const status of ['answered', 'started', 'answered', 'ringing', 'started'] as const) {
    await house.callEvent(callId, { legId, status, attemptId, eventKey: `${status}-1` });
  }
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
  const { document } = await house.view(callId);
  expect(document.legs).toHaveLength(1);
  expect(house.world.dialled).toHaveLength(1);
});

test('[CL8] the store is away: the call goes on, and the last state is what is read later', async () => {
  const house = opened.current;
  house.world.storeAway = true;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ utterance }) => ({ said: `Yes, ${utterance}` });
  await house.turn(callId, connectId, { utterance: 'one' });
  await house.turn(callId, connectId, { utterance: 'two' });
  expect(house.world.saves).toHaveLength(0);
  house.world.storeAway = false;
  await house.turn(callId, connectId, { utterance: 'three' });
  await house.hangsUp((await house.view(callId)).customerLegId ?? asLegId(''), { host, connectId });
  await untilTrue(() => house.world.calls.get(callId)?.phase === 'resumable', 40_000);
  expect(house.world.calls.get(callId)?.messages.map((message) => message.content)).toContain('Yes, three');
  const versions = house.world.saves.map((document) => document.version);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
}, 120_000);

test('[CR1] [CR2] [CL6] [WU2] a second leg’s wrap-up rewrites the note that stands; a doubtful note is looked for, not repeated', async () => {
  const house = opened.current;
  house.world.doubtfulNotes = 1;
  const first = await house.ringIn();
  await house.hangsUp(first.legId);
  await untilTrue(() => house.world.webhooks.length === 1);
  await untilTrue(async () => (await house.view(first.callId)).document.crm.note_id !== null);
  const again = await house.ringIn();
  expect(again.outcome).toBe('resumed');
  const { connectId } = await house.attach(first.callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'Noted.' });
  await house.turn(first.callId, connectId, { utterance: 'It is about my bill' });
  await house.hangsUp(again.legId, { host, connectId });
  await untilTrue(() => house.world.webhooks.length === 2);
  expect(house.world.noteWrites).toBe(1);
  expect([...house.world.notes.values()]).toMatchObject([
    { noteId: 'note-1', text: expect.stringContaining('It is about my bill') as string },
  ]);
  expect(house.world.webhooks).toEqual([`${first.callId}:wrap-up:1`, `${first.callId}:wrap-up:2`]);
});
