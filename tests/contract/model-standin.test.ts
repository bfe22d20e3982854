import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesk, type Desk } from './model-desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const VERSION = { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
const tool = { name: 'end_call', description: '', input_schema: { type: 'object', properties: {} } };
const use = { type: 'tool_use', id: 'toolu_a', name: 'end_call', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_a', content: 'done' };
const say = (text: string): unknown => ({ type: 'text', text });

async function post(
  body: unknown,
  headers: Record<string, string> = { ...VERSION, 'x-api-key': 'k' },
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${desk.url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const ask = (messages: unknown, more: Record<string, unknown> = {}): unknown => ({
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  messages,
  ...more,
});

test('[SB72] events come in the vendor’s order, arguments in pieces that join to JSON', async () => {
  desk.faults.queue({ text: 'One moment.', toolCalls: [{ name: 'end_call', arguments: { why: 'a “quoted” word' } }] });
  const { text } = await post(ask([{ role: 'user', content: 'bye' }], { stream: true, tools: [tool] }));
  const events = [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, event, data]) => ({
    event,
    data: JSON.parse(data ?? '') as { type: string; delta?: { partial_json?: string; stop_reason?: string } },
  }));
  const kinds = events.map(({ event }) => event).filter((kind, index, all) => kind !== all[index - 1]);
  expect(kinds).toEqual([
    'message_start',
    'ping',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(events.every(({ event, data }) => event === data.type)).toBe(true);
  const pieces = events.flatMap(({ data }) =>
    data.delta?.partial_json === undefined ? [] : [data.delta.partial_json],
  );
  expect(pieces[0]).toBe('');
  expect(pieces.length).toBeGreaterThan(4);
  expect(JSON.parse(pieces.join(''))).toEqual({ why: 'a “quoted” word' });
  expect(events.find(({ event }) => event === 'message_delta')?.data.delta?.stop_reason).toBe('tool_use');
});

test('[SB73] both generations of keys are taken, none is refused', async () => {
  const body = ask([{ role: 'user', content: 'Hello' }]);
  expect((await post(body, { ...VERSION, authorization: 'Bearer k' })).status).toBe(200);
  expect((await post(body, { ...VERSION, 'x-api-key': 'k' })).status).toBe(200);
  const refused = await post(body, VERSION);
  expect(refused.status).toBe(401);
  expect(JSON.parse(refused.text)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  expect(refused.headers.get('request-id')).toMatch(/^req_/);
});

test.each<[string, unknown, RegExp]>([
  [
    'a tool use without result',
    [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [use] },
      { role: 'user', content: 'b' },
    ],
    /without `tool_result` blocks immediately after: toolu_a/,
  ],
  ['a result without tool use', [{ role: 'user', content: [result] }], /unexpected `tool_use_id`/],
  [
    'a result behind text',
    [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [use] },
      { role: 'user', content: [say('x'), result] },
    ],
    /must come first/,
  ],
  [
    'two of one role',
    [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ],
    /alternate/,
  ],
  [
    'the bot first',
    [
      { role: 'assistant', content: 'a' },
      { role: 'user', content: 'b' },
    ],
    /first message/,
  ],
  [
    'the bot last',
    [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
    /prefill/,
  ],
  ['empty text', [{ role: 'user', content: [say('')] }], /non-whitespace/],
  ['no content', [{ role: 'user', content: [] }], /non-empty content/],
  ['no messages', [], /messages/],
])('[SB74] %s is refused with 400', async (_what, messages, why) => {
  const { status, text } = await post(ask(messages, { tools: [tool] }));
  expect(status).toBe(400);
  expect((JSON.parse(text) as { error: { message: string } }).error.message).toMatch(why);
});

test('[SB75] an unknown model is not found, a whole message comes without stream', async () => {
  expect((await post(ask([{ role: 'user', content: 'a' }], { model: 'gpt' }))).status).toBe(404);
  const { status, text } = await post(
    ask([{ role: 'user', content: 'Can we speak German please?' }], { tools: [{ ...tool, name: 'set_language' }] }),
  );
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    type: 'message',
    role: 'assistant',
    stop_reason: 'tool_use',
    content: [{ type: 'tool_use', name: 'set_language', input: { language: 'de-DE' } }],
  });
});

test('[SB76] a request for no tokens fills the cache', async () => {
  const system = [{ type: 'text', text: 'x'.repeat(4_000), cache_control: { type: 'ephemeral' } }];
  const warmed = JSON.parse((await post(ask([{ role: 'user', content: 'a' }], { system, max_tokens: 0 }))).text) as {
    content: unknown[];
    usage: Record<string, number>;
  };
  expect(warmed.content).toEqual([]);
  expect(warmed.usage['cache_creation_input_tokens']).toBeGreaterThan(0);
  const then = JSON.parse((await post(ask([{ role: 'user', content: 'a' }], { system }))).text) as {
    usage: Record<string, number>;
  };
  expect(then.usage['cache_read_input_tokens']).toBe(warmed.usage['cache_creation_input_tokens']);
});

test('[SB77] a conversation can be given fixed replies: the same words get the same one, a schema its own', async () => {
  const replies = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'];
  desk.faults.set({ replies });
  try {
    const said = async (text: string): Promise<string> => {
      const answer = JSON.parse((await post(ask([{ role: 'user', content: text }]))).text) as {
        content: { text: string }[];
      };
      return answer.content[0]?.text ?? '';
    };
    const utterances = ['Hello.', 'My kitchen is wet.', 'No.', 'Tomorrow.', 'Why?', 'Yes.', 'Goodbye.', 'Monday.'];
    const first = await Promise.all(utterances.map(said));
    expect(await Promise.all(utterances.map(said))).toEqual(first);
    expect(first.every((reply) => replies.includes(reply))).toBe(true);
    expect(new Set(first).size).toBeGreaterThan(1);
    const schema = {
      type: 'object',
      properties: { short: { type: 'string' } },
      required: ['short'],
      additionalProperties: false,
    };
    const shaped = await post(
      ask([{ role: 'user', content: 'Hello.' }], { output_config: { format: { type: 'json_schema', schema } } }),
    );
    // The rules were asked, and miss the record of a call.
    expect(shaped.text).toContain('record of a call');
  } finally {
    desk.faults.reset();
  }
});
