import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  nextActionRequest,
  smsSummaryRequest,
  synthesisRequest,
  type CallRecord,
} from '../../domain/insight-prompt.ts';
import { claimSchema } from '../../domain/claim.ts';
import { createAnthropicStructured } from '../../providers/anthropic/structured.ts';
import type { LlmEvent, LlmMessage } from '../../providers/llm.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { createRulesLlm } from '../../providers/rules/llm.ts';
import { createRulesStructured } from '../../providers/rules/structured.ts';
import { listen, openDesk, requestWith, type Desk } from './model-desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterEach(() => desk.faults.reset());
afterAll(() => desk.close());

const greeted: LlmMessage = { role: 'assistant', text: 'Hello, this is Ada. How can I help you?', toolCalls: [] };
const user = (text: string): LlmMessage => ({ role: 'user', text });
const never = new AbortController().signal;
const kindOf = (error: unknown): string =>
  error instanceof ProviderError ? error.kind : `not a ProviderError: ${String(error)}`;

describe.each([
  ['the vendor’s SDK against the stand-in', () => desk.llm()],
  ['the rules', () => createRulesLlm()],
])('any model: %s', (_name, llm) => {
  test('[LM1] text comes in pieces and only `done` makes the reply whole', async () => {
    const events: LlmEvent[] = [];
    const heard = await listen(llm().stream(requestWith([greeted, user('Hello')]), never), (event) =>
      events.push(event),
    );
    expect(heard.error).toBeNull();
    expect(heard.text).toBe('What is your call about?');
    expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(2);
    expect(events.at(-1)?.type).toBe('done');
    expect(heard.done?.stopReason).toBe('end_turn');
  });

  test('[LM2] a tool call arrives complete, with its arguments parsed', async () => {
    const heard = await listen(
      llm().stream(
        requestWith([greeted, user('My name is Anna Petrova and my email is anna dot petrova at example dot com')]),
        never,
      ),
    );
    expect(heard.calls).toEqual([
      {
        name: 'update_claim',
        arguments: {
          updates: [
            { field: 'caller_email', value: 'anna.petrova@example.com' },
            { field: 'caller_name', value: 'Anna Petrova' },
          ],
        },
      },
    ]);
    expect(heard.done?.stopReason).toBe('tool_use');
  });

  test('[LM3] the results of tools are understood, and the talk goes on', async () => {
    const call = {
      toolUseId: 'toolu_1',
      name: 'update_claim',
      arguments: { updates: [{ field: 'caller_name', value: 'Anna' }] },
    };
    const messages: LlmMessage[] = [
      greeted,
      user('I am Anna'),
      { role: 'assistant', text: '', toolCalls: [call] },
      { role: 'tools', results: [{ toolUseId: 'toolu_1', name: 'update_claim', content: 'Stored.', isError: false }] },
    ];
    const heard = await listen(llm().stream(requestWith(messages), never));
    expect(heard.text).toContain('What is your email address?');
  });

  test('[LM4] an abort ends the reply with the caller’s own reason', async () => {
    const controller = new AbortController();
    const reason = new Error('the customer spoke on');
    const heard = await listen(llm().stream(requestWith([greeted, user('Hello')]), controller.signal), () =>
      controller.abort(reason),
    );
    expect(heard.error).toBe(reason);
    expect(heard.done).toBeNull();
  });
});

describe('the request on the wire', () => {
  test('[LM5] a tool call that was interrupted gets a result that says so', async () => {
    const call = { toolUseId: 'toolu_lost', name: 'send_sms', arguments: { message: 'x' } };
    const heard = await listen(
      desk
        .llm()
        .stream(
          requestWith([
            greeted,
            user('text me'),
            { role: 'assistant', text: 'Sure.', toolCalls: [call] },
            user('wait'),
            user('what is this?'),
          ]),
          never,
        ),
    );
    expect(heard.error).toBeNull();
    const { messages } = desk.faults.requests.at(-1)?.body as {
      messages: { role: string; content: { type: string; is_error?: boolean }[] }[];
    };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(messages.at(-1)?.content.map(({ type }) => type)).toEqual(['tool_result', 'text', 'text']);
    expect(messages.at(-1)?.content[0]?.is_error).toBe(true);
  });

  test.each<[string, LlmMessage[]]>([
    ['begins with the bot', [greeted]],
    ['is empty', []],
    ['has empty words', [greeted, user(''), user('  '), { role: 'assistant', text: '', toolCalls: [] }]],
    ['has the same role twice', [greeted, greeted, user('Hello'), user('are you there?')]],
    [
      'has a result nobody asked for',
      [
        greeted,
        { role: 'tools', results: [{ toolUseId: 'toolu_x', name: 'end_call', content: '', isError: false }] },
        user('Hello'),
      ],
    ],
    [
      'ends with a result and no words',
      [
        user('bye'),
        { role: 'assistant', text: '', toolCalls: [{ toolUseId: 'a', name: 'end_call', arguments: {} }] },
        { role: 'tools', results: [{ toolUseId: 'a', name: 'end_call', content: '', isError: false }] },
      ],
    ],
  ])('[LM6] the conversation sent is valid even if ours %s', async (_what, messages) => {
    const heard = await listen(desk.llm().stream(requestWith(messages), never));
    expect(heard.error).toBeNull();
    expect(heard.done).not.toBeNull();
  });

  test('[LM7] without tools on offer, earlier tool calls are told as words', async () => {
    const call = { toolUseId: 'toolu_1', name: 'search_knowledge', arguments: { queries: ['hours'] } };
    const messages: LlmMessage[] = [
      user('hours?'),
      { role: 'assistant', text: '', toolCalls: [call] },
      {
        role: 'tools',
        results: [{ toolUseId: 'toolu_1', name: 'search_knowledge', content: 'Open at nine.', isError: false }],
      },
    ];
    const heard = await listen(desk.llm().stream(requestWith(messages, { tools: [] }), never));
    expect(heard.error).toBeNull();
    expect(JSON.stringify(desk.faults.requests.at(-1)?.body)).toContain('Open at nine.');
  });

  test('[LM8] the stable part is read from the cache at the second turn, the changing part is not in it', async () => {
    const first = await listen(desk.llm({ model: 'claude-sonnet-5' }).stream(requestWith([user('Hello')]), never));
    const changed = requestWith([user('Hello')]);
    changed.system.volatile += '\nIt is later now.';
    const second = await listen(desk.llm({ model: 'claude-sonnet-5' }).stream(changed, never));
    expect(first.done?.usage.cacheReadTokens).toBe(0);
    expect(second.done?.usage.cacheReadTokens).toBeGreaterThan(500);
    expect(second.done?.usage.inputTokens).toBeLessThan(second.done?.usage.cacheReadTokens ?? 0);
  });

  test('[LM9] thinking is off, the stream is on, several tools may be asked for at once', async () => {
    await listen(desk.llm().stream(requestWith([user('Hello')]), never));
    expect(desk.faults.requests.at(-1)?.body).toMatchObject({
      stream: true,
      thinking: { type: 'disabled' },
      tool_choice: { type: 'auto' },
      max_tokens: 400,
    });
  });
});

describe('failures', () => {
  test.each([
    [429, 'rate_limit'],
    [529, 'vendor_fault'],
    [500, 'vendor_fault'],
    [401, 'credentials'],
    [402, 'quota'],
    [400, 'bad_request'],
    [404, 'not_found'],
  ])('[LM10] status %i is %s, asked for once', async (status, kind) => {
    desk.faults.set({ http: { status } });
    const heard = await listen(desk.llm().stream(requestWith([user('Hello')]), never));
    expect(kindOf(heard.error)).toBe(kind);
    expect(desk.faults.requests).toHaveLength(1);
  });

  test('[LM11] the vendor’s own wish for a pause is handed on', async () => {
    desk.faults.set({ http: { status: 429, retryAfterS: 7 } });
    const heard = await listen(desk.llm().stream(requestWith([user('Hello')]), never));
    expect((heard.error as ProviderError).retryAfterMs).toBe(7_000);
  });

  test('[LM12] a stream that goes silent is given up after the idle time', async () => {
    desk.faults.set({ stallAfterEvents: 4 });
    const heard = await listen(desk.llm({ idleTimeoutMs: 200 }).stream(requestWith([user('Hello')]), never));
    expect(kindOf(heard.error)).toBe('timeout');
    expect(heard.done).toBeNull();
  });

  test('[LM13] pings are life: a slow first token with pings is waited for', async () => {
    desk.faults.set({ stallAfterEvents: 2, pingsWhileStalled: true });
    const controller = new AbortController();
    const stream = desk.llm({ idleTimeoutMs: 400 }).stream(requestWith([user('Hello')]), controller.signal);
    const reason = new Error('waited long enough');
    setTimeout(() => controller.abort(reason), 1_200);
    expect((await listen(stream)).error).toBe(reason);
  });

  test('[LM14] no headers in time is a timeout', async () => {
    desk.faults.set({ headerDelayMs: 60_000 });
    const heard = await listen(desk.llm({ headerTimeoutMs: 100 }).stream(requestWith([user('Hello')]), never));
    expect(kindOf(heard.error)).toBe('timeout');
  });

  test('[LM15] a cut socket is unreachable, and the words before it were heard', async () => {
    desk.faults.set({ cutAfterEvents: 5 });
    const heard = await listen(desk.llm().stream(requestWith([user('Hello')]), never));
    expect(kindOf(heard.error)).toBe('unreachable');
    expect(heard.done).toBeNull();
  });

  test('[LM16] a stream that ends without message_stop is a failure, not a reply', async () => {
    desk.faults.set({ endWithoutStop: true });
    const heard = await listen(desk.llm().stream(requestWith([user('Hello')]), never));
    expect(kindOf(heard.error)).toBe('vendor_fault');
    expect(heard.text).not.toBe('');
    expect(heard.done).toBeNull();
  });

  test('[LM17] an error in mid-stream is told by its type', async () => {
    desk.faults.set({ streamError: { type: 'rate_limit_error', afterEvents: 4 } });
    expect(kindOf((await listen(desk.llm().stream(requestWith([user('Hello')]), never))).error)).toBe('rate_limit');
    desk.faults.set({ streamError: { type: 'overloaded_error', afterEvents: 4 } });
    expect(kindOf((await listen(desk.llm().stream(requestWith([user('Hello')]), never))).error)).toBe('vendor_fault');
  });

  test.each([
    ['broken', '{"message":"hel'],
    ['parsable', '{"message":"hello"}'],
  ])('[LM18] arguments cut off by the token limit are never carried out (%s)', async (_what, rawArguments) => {
    desk.faults.queue({
      text: 'One moment.',
      toolCalls: [{ name: 'send_sms', rawArguments }],
      stopReason: 'max_tokens',
    });
    const heard = await listen(desk.llm().stream(requestWith([user('text me')]), never));
    expect(kindOf(heard.error)).toBe('vendor_fault');
    expect(heard.calls).toEqual([]);
    expect(heard.text).toBe('One moment.');
  });

  test('[LM19] nobody there is unreachable', async () => {
    const heard = await listen(desk.llm({ baseUrl: 'http://127.0.0.1:9' }).stream(requestWith([user('Hello')]), never));
    expect(kindOf(heard.error)).toBe('unreachable');
  });

  test('[LM20] words cut by the token limit and a refusal are told as such', async () => {
    const cut = await listen(desk.llm().stream(requestWith([user('Hello')], { maxTokens: 2 }), never));
    expect(cut.done?.stopReason).toBe('max_tokens');
    desk.faults.queue({ text: 'No.', stopReason: 'refusal' });
    expect((await listen(desk.llm().stream(requestWith([user('Hello')]), never))).done?.stopReason).toBe('refusal');
  });

  test('[LM21] a tool without arguments and several tools at once come through', async () => {
    desk.faults.queue({
      text: 'Bye.',
      toolCalls: [
        { name: 'new_claim', rawArguments: '' },
        { name: 'end_call', arguments: {} },
      ],
    });
    const heard = await listen(desk.llm().stream(requestWith([user('bye')]), never));
    expect(heard.calls.map(({ name }) => name)).toEqual(['new_claim', 'end_call']);
    expect(heard.calls[0]?.arguments).toEqual({});
  });

  test('[LM22] after an abort the next request works at once', async () => {
    desk.faults.set({ stallAfterEvents: 4 });
    const controller = new AbortController();
    const heard = await listen(desk.llm().stream(requestWith([user('Hello')]), controller.signal), () =>
      controller.abort(new Error('enough')),
    );
    expect((heard.error as Error).message).toBe('enough');
    desk.faults.set({ stallAfterEvents: null });
    expect((await listen(desk.llm().stream(requestWith([user('Hello')]), never))).done).not.toBeNull();
  });

  test('[SB71] a fault can be limited to one model and a number of requests', async () => {
    desk.faults.set({ http: { status: 529 }, models: ['claude-haiku-5-5'], times: 1 });
    expect(
      (await listen(desk.llm({ model: 'claude-sonnet-5-5' }).stream(requestWith([user('Hello')]), never))).error,
    ).toBeNull();
    expect(kindOf((await listen(desk.llm().stream(requestWith([user('Hello')]), never))).error)).toBe('vendor_fault');
    expect((await listen(desk.llm().stream(requestWith([user('Hello')]), never))).error).toBeNull();
  });
});

describe.each([
  [
    'the vendor’s SDK against the stand-in',
    () =>
      createAnthropicStructured({ apiKey: 'k', baseUrl: desk.url, model: 'claude-opus-5-5', headerTimeoutMs: 10_000 }),
  ],
  ['the rules', () => createRulesStructured()],
])('answers in a given shape: %s', (_name, llm) => {
  const record: CallRecord = {
    company: 'Acme',
    task: 'Take repair orders',
    direction: 'inbound',
    language: 'en-US',
    claim_fields: claimSchema([{ name: 'problem', type: 'text', description: null }]),
    claim: { problem: 'My heating is broken', caller_name: 'Anna Petrova' },
    reminders: [],
    transferred: false,
    messages: [
      { persona: 'assistant', content: 'Hello', interrupted: false },
      { persona: 'human', content: 'My heating is broken, this is urgent', interrupted: false },
      { persona: 'human', content: 'Thank you, great', interrupted: false },
    ],
  };

  test('[WU3] the synthesis says who, what and what is missing', async () => {
    const { value } = await llm().complete(synthesisRequest(record), never);
    expect(value).toMatchObject({
      short: 'Anna Petrova: My heating is broken; 2 of 4 details missing.',
      satisfaction: 'partial',
    });
    expect((value as { long: string }).long).toContain('email, phone number');
  });

  test('[WU3] the next action is justified by words of the customer', async () => {
    const { value } = await llm().complete(nextActionRequest(record), never);
    expect(value).toEqual({
      action: 'high_priority',
      justification: 'The customer said: "My heating is broken, this is urgent".',
    });
  });

  test('[WU3] the text message holds what was noted', async () => {
    const { value } = await llm().complete(smsSummaryRequest(record), never);
    expect((value as { message: string }).message).toContain('My heating is broken');
  });

  test('[LM23] a shape that cannot be filled is refused', async () => {
    const wish = { ...synthesisRequest(record), prompt: 'What is the weather?' };
    await expect(llm().complete(wish, never)).rejects.toMatchObject({ kind: 'bad_request' });
  });
});

test('[LM24] an answer in shape that was cut by the token limit is a failure', async () => {
  const llm = createAnthropicStructured({
    apiKey: 'k',
    baseUrl: desk.url,
    model: 'claude-opus-5-5',
    headerTimeoutMs: 10_000,
  });
  desk.faults.queue({ text: '{"short":"a', stopReason: 'max_tokens' });
  await expect(
    llm.complete({ system: 's', prompt: 'p', schema: {}, schemaName: 'x', maxTokens: 5 }, never),
  ).rejects.toMatchObject({ kind: 'vendor_fault' });
});

test('[LM27] an utterance left unanswered by a lost line is answered, whoever spoke last', async () => {
  const messages: LlmMessage[] = [
    greeted,
    user('my name is Anna Petrova'),
    { role: 'assistant', text: 'Sorry about that break in the line.', toolCalls: [] },
  ];
  const heard = await listen(desk.llm().stream(requestWith(messages), never));
  expect(heard.calls.map(({ name }) => name)).toEqual(['update_claim']);
});
