import { expect, test } from 'vitest';
import { callWorkflowId, lineWorkflowId } from '../../domain/ids.ts';
import { houseForEachTest, untilTrue } from './house.ts';

const opened = houseForEachTest();

test('[CL1] a call is told from the first ring to the wrapped-up report', async () => {
  const house = opened.current;
  const { outcome, callId, legId } = await house.ringIn();
  expect(outcome).toBe('new');
  const { seed, connectId } = await house.attach(callId, 'h1');
  expect(seed.opening.kind).toBe('greeting');

  const host = await house.host('h1');
  host.answer = (input) => {
    if (input.say !== null) return { said: input.say };
    if (input.utterance.startsWith('My order') && input.round === 0) {
      return { said: 'Let me note that.', ended: 'awaiting_tools', toolCalls: [{ toolUseId: 't1', name: 'update_claim', arguments: { updates: [{ field: 'order_number', value: 'A17' }] } }] };
    }
    if (input.round === 1) return { said: `I have it: ${input.toolResults[0]?.content ?? ''}` };
    return { said: 'Goodbye!', ended: 'awaiting_tools', toolCalls: [{ toolUseId: 't2', name: 'end_call', arguments: {} }] };
  };
  await house.turn(callId, connectId, { utterance: 'My order A17 has not come', heard: [{ turnId: seed.opening.kind === 'none' ? '' : seed.opening.turnId, heardText: '', complete: true }] });
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
