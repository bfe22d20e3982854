/** Calls whose ears or voice die in the middle: somebody else hears and speaks. */
import { beforeEach, expect, test } from 'vitest';
import { definePhone, post, untilCall } from '../kit/customers.ts';
import { botSaid, hangUpAll, presses, saysInPause, setFaults, untilPhone, type PhoneCall } from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 240_000 };
/** The question alone: an apology before it is a sentence of its own. */
const SAY_AGAIN = /say (it|that) again|repeat that/i;
const system = systemForFile({ SPEECH__RECOGNIZER: '[openai, google]', SPEECH__SYNTHESIZER: '[openai, google]' });

/** Hosts remember which providers failed and leave them alone for a while: each test, and each further try, has new ones. */
beforeEach(async () => {
  const hosts = ['media-1', 'media-2'];
  const gone = hosts.map((name) => system.kill(name));
  await until('new media hosts', () => Promise.resolve(system.run()), {
    ready: ({ ready, processes }) => ready && processes.every(({ pid }) => pid !== null && !gone.includes(pid)),
  });
});

async function place(number: string, script: object, claim: object[] = []): Promise<string> {
  await definePhone(system, number, { ringMs: 400, patienceMs: 60_000, ...script });
  return (await post<{ call_id: string }>(system.api, '/call', { phone_number: number, claim })).call_id;
}

const over = (number: string): Promise<PhoneCall> =>
  untilPhone(system, number, {
    what: 'the end of the call',
    ready: ({ state }) => state === 'over',
    withinMs: 120_000,
  });

const timesSaid = (phone: PhoneCall, words: RegExp): number =>
  phone.transcript.filter(({ who, text }) => who === 'bot' && text !== null && words.test(text)).length;

const tellsTheName = {
  steps: [{ waitsForSilenceMs: 600 }, { says: 'My name is Anna Petrova' }, { converses: 60 }],
};
const asksForTheMail = (phone: PhoneCall): boolean => botSaid(phone, /e-?mail/i) !== undefined;
/** The bot has said something since the customer last spoke. */
const hasAnswered = ({ transcript }: PhoneCall): boolean =>
  transcript
    .slice(transcript.findLastIndex(({ who }) => who === 'customer'))
    .some(({ who, text }) => who === 'bot' && text !== null);

test(
  '[ST119] [ST121] ears and voice die in mid-call: another pair hears, another voice speaks, nothing is lost',
  LONG,
  async () => {
    const number = newNumber();
    const callId = await place(number, tellsTheName);
    await untilPhone(system, number, { what: 'the question for the e-mail', ready: asksForTheMail, withinMs: 60_000 });
    await setFaults(system, { openai: { stt: { http: 503 }, tts: { http: 503 } } });
    await saysInPause(system, number, 'It is anna dot petrova at example dot com');
    const call = await untilCall(system, callId, {
      what: 'the e-mail taken down',
      ready: ({ claim }) => claim['caller_email'] === 'anna.petrova@example.com',
    });
    expect(call.claim['caller_name']).toBe('Anna Petrova');
    const phone = await untilPhone(system, number, { what: 'another voice', ready: hasAnswered });
    expect(timesSaid(phone, SAY_AGAIN)).toBeLessThanOrEqual(1);
    expect(phone.state).toBe('live');
    await hangUpAll(system);
  },
);

test('[ST120] ears that fall silent in mid-call cost one question at most', LONG, async () => {
  const number = newNumber();
  await setFaults(system, { openai: { stt: { silent: true } } });
  const callId = await place(number, {
    steps: [{ waitsForSilenceMs: 600 }, { converses: 40 }, { hangsUp: true }],
    answersWith: [
      { when: '/e-?mail/i', hangsUp: true },
      { when: '/./', says: 'My name is Anna Petrova' },
    ],
  });
  const phone = await over(number);
  expect(timesSaid(phone, SAY_AGAIN)).toBeLessThanOrEqual(1);
  const call = await untilCall(system, callId, { what: 'the call’s end', ready: (each) => !each.in_progress });
  expect(call.claim['caller_name']).toBe('Anna Petrova');
});

test(
  '[ST130] every voice dies in mid-call: the customer hears that we call back, not silence, and it is booked',
  LONG,
  async () => {
    const number = newNumber();
    const callId = await place(
      number,
      {
        steps: [{ waitsForSilenceMs: 600 }, { says: 'My name is Anna Petrova' }, { converses: 60 }],
        answersWith: [{ when: '/e-?mail/i', says: 'It is anna dot petrova at example dot com' }],
        otherwise: 'Hello? I cannot hear you',
      },
      [{ name: 'damage', type: 'text', description: 'What is damaged' }],
    );
    await untilPhone(system, number, { what: 'the question for the e-mail', ready: asksForTheMail, withinMs: 60_000 });
    await setFaults(system, { openai: { tts: { http: 503 } }, speech: { tts: { unavailable: true } } });
    const phone = await over(number);
    expect(botSaid(phone, /call you back shortly/i)).toBeDefined();
    const call = await untilCall(system, callId, { what: 'the call’s end', ready: (each) => !each.in_progress });
    expect(call.phase).toBe('resumable');
    expect(call.reminders).toContainEqual(expect.objectContaining({ title: 'Call back after technical trouble' }));
  },
);

test(
  '[ST131] every ear dies in mid-call: the customer is told, presses the key, and is called back',
  LONG,
  async () => {
    const number = newNumber();
    const callId = await place(number, tellsTheName);
    await untilPhone(system, number, { what: 'the question for the e-mail', ready: asksForTheMail, withinMs: 60_000 });
    await setFaults(system, { openai: { stt: { http: 503 } }, speech: { stt: { unavailable: true } } });
    await saysInPause(system, number, 'It is anna dot petrova at example dot com');
    const wish = { what: 'the wish for a key', ready: (each: PhoneCall) => botSaid(each, /press one/i) !== undefined };
    await untilPhone(system, number, wish);
    await presses(system, number, '1#');
    const phone = await over(number);
    expect(botSaid(phone, /call you back/i)).toBeDefined();
    expect(timesSaid(phone, SAY_AGAIN)).toBeLessThanOrEqual(1);
    const call = await untilCall(system, callId, { what: 'the call’s end', ready: (each) => !each.in_progress });
    expect(call.claim['caller_name']).toBe('Anna Petrova');
    expect(call.reminders).toContainEqual(expect.objectContaining({ title: 'Call back after technical trouble' }));
  },
);
