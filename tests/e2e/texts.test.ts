/** Text messages over real sockets: into a call, instead of one, and what became of them. */
import { expect, test } from 'vitest';
import type { CallDocument } from '../../domain/call-document.ts';
import { digits, post, HELPFUL_ANSWERS } from '../kit/customers.ts';
import { newNumber } from '../kit/new-number.ts';
import { botSaid, ringIn, untilCallOf, untilPhone } from '../kit/phones.ts';
import { sharedSystem } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 240_000 };
const system = sharedSystem();

interface Sms {
  direction: 'inbound' | 'outbound';
  to: string;
  text: string;
  status: string;
}

/** What the bot has written to that number. */
async function written(number: string): Promise<Sms[]> {
  const { messages } = (await (await system.sandbox('/control/sms')).json()) as { messages: Sms[] };
  return messages.filter(({ direction, to }) => direction === 'outbound' && to === digits(number));
}

const write = (number: string, text: string): Promise<unknown> =>
  post(system.sandbox, '/control/sms', { from: digits(number), text });

const untilWritten = (number: string, count: number): Promise<Sms[]> =>
  until(`message ${String(count)} of the bot’s`, () => written(number), {
    ready: (messages) => messages.length >= count,
    withinMs: 60_000,
  });

const texts = ({ messages }: CallDocument) => messages.filter(({ action }) => action === 'sms');

test(
  '[TM1] [RB2] an address that is not understood is asked for by text message, and its answer taken in the call',
  LONG,
  async () => {
    const number = newNumber();
    const answers = HELPFUL_ANSWERS.map((answer) =>
      'says' in answer && /dot com/.test(answer.says) ? { ...answer, says: 'You would never understand that' } : answer,
    );
    await ringIn(system, { from: number, script: { answersWith: answers, steps: [{ converses: 90 }] } });
    const [asked] = await untilWritten(number, 1);
    expect(asked?.text).toMatch(/please answer this message with your email/);
    await untilPhone(system, number, {
      what: 'its being said',
      ready: (call) => botSaid(call, /sent you a text message/i) !== undefined,
    });
    await write(number, 'anna.petrova@example.com');
    await untilPhone(system, number, {
      what: 'the address being said back',
      ready: (call) => botSaid(call, /petrova/i) !== undefined,
    });
    const document = await untilCallOf(system, number, {
      what: 'the address in the claim, and the delivery of the question',
      ready: (call) =>
        call.claim['caller_email'] === 'anna.petrova@example.com' &&
        texts(call).some(({ sms }) => sms?.status === 'delivered'),
    });
    expect(document.phase).toBe('live');
    expect(texts(document)).toMatchObject([
      { persona: 'assistant', content: asked?.text, sms: { status: 'delivered' } },
      { persona: 'human', content: 'anna.petrova@example.com', sms: { status: 'received' } },
    ]);
    expect(await written(number)).toHaveLength(1);
  },
);

test(
  '[TM3] [TM4] [SM4] [RP6] a conversation of texts fills a claim; the report shows what became of each',
  LONG,
  async () => {
    const number = newNumber();
    await write(number, 'Hello, a pipe burst in my kitchen');
    await write(number, 'My name is Anna Petrova');
    const [first] = await untilWritten(number, 1);
    expect(first?.text).toMatch(/^This is .*virtual assistant/);
    const replies: [RegExp, string][] = [
      [/e-?mail/i, 'anna.petrova@example.com'],
      [/which day and time|when|date/i, 'Yesterday at 10 am'],
      [/policy/i, 'POL-4711'],
      [/correct|right|leave it like this/i, 'Yes, that is correct'],
      [/anything else|something more/i, 'No, thank you'],
    ];
    let count = 1;
    for (let asked = first; asked !== undefined && !/good ?bye|good day/i.test(asked.text) && count < 10; count += 1) {
      const { text } = asked;
      const reply = replies.find(([question]) => question.test(text.split(/(?<=[.!])\s/).at(-1) ?? text));
      await write(number, reply?.[1] ?? 'The kitchen ceiling is wet');
      asked = (await untilWritten(number, count + 1)).at(-1);
    }
    const answers = await written(number);
    const document = await untilCallOf(system, number, {
      what: 'delivery of all that was written',
      ready: (call) =>
        texts(call).filter(({ sms }) => sms?.status === 'delivered').length === answers.length &&
        texts(call).every(({ sms }) => sms?.status === 'delivered' || sms?.status === 'received'),
    });
    expect(document.claim).toMatchObject({ caller_name: 'Anna Petrova', caller_email: 'anna.petrova@example.com' });
    expect(document.phase).toBe('texting');
    expect(document.legs).toEqual([]);
    // Two messages got one answer, every other message its own.
    const said = texts(document);
    expect(said.filter(({ persona }) => persona === 'human').length).toBe(
      said.filter(({ persona }) => persona === 'assistant').length + 1,
    );
    const report = await (await system.api(`/report/call/${document.call_id}`)).text();
    expect(report).toContain('delivered');
    expect(report).toContain('anna.petrova@example.com');
  },
);

test('[TM5] who writes and then rings goes on with the same claim', LONG, async () => {
  const number = newNumber();
  await write(number, 'My name is Anna Petrova, my email is anna.petrova@example.com');
  await untilWritten(number, 1);
  await ringIn(system, { from: number, script: { steps: [{ converses: 30 }] } });
  await untilPhone(system, number, {
    what: 'the welcome back',
    ready: (call) => botSaid(call, /hello again|welcome back/i) !== undefined,
    withinMs: 30_000,
  });
  const document = await untilCallOf(system, number, { what: 'the call', ready: ({ phase }) => phase === 'live' });
  expect(document.claim['caller_email']).toBe('anna.petrova@example.com');
  expect(texts(document)).toHaveLength(2);
});

/** What the network stand-in delivers nothing to; the line remembers who called, so each try has its own. */
let tries = 0;
const unreachableByText = (): string => `+44771${String((tries += 1))}000000`;

test('[SM8] [SM9] a text that does not arrive is spoken of in the call that sent it, and sent once', LONG, async () => {
  const number = unreachableByText();
  await ringIn(system, {
    from: number,
    script: {
      answersWith: [
        { when: '/did not arrive/i', says: 'Then never mind, my name is Anna Petrova' },
        { when: '/sent you a text/i', says: 'I am waiting for it, my name is Anna Petrova' },
        { when: '/help you/i', says: 'Please text me your summary by SMS' },
      ],
      steps: [{ converses: 40 }],
    },
  });
  const [sent] = await untilWritten(number, 1);
  await untilPhone(system, number, {
    what: 'its being said that the text did not arrive',
    ready: (call) => botSaid(call, /did not arrive/i) !== undefined,
  });
  const document = await untilCallOf(system, number, {
    what: 'the failure on record',
    ready: (call) => texts(call).some(({ sms }) => sms?.status === 'failed'),
  });
  expect(texts(document)).toMatchObject([{ persona: 'assistant', content: sent?.text }]);
  expect(await written(number)).toHaveLength(1);
});
