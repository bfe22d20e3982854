/** A call whose ears and voice are a server of one's own, with nobody behind it. */
import { expect, test } from 'vitest';
import { claimIsComplete, claimSchema } from '../../domain/claim.ts';
import { definePhone, HELPFUL_ANSWERS, post, untilCall } from '../kit/customers.ts';
import { newNumber } from '../kit/new-number.ts';
import { setFaults } from '../kit/phones.ts';
import { systemForFile } from '../kit/system-for-tests.ts';

const system = systemForFile({ SPEECH__RECOGNIZER: '[openai, google]', SPEECH__SYNTHESIZER: '[openai, google]' });

interface Served {
  transcriptions: { language: string; ms: number }[];
  speeches: { input: string }[];
}

const served = async (): Promise<Served> => (await (await system.sandbox('/control/openai')).json()) as Served;

test(
  '[ST1] [ST20] a call whose ears and voice are a server of one’s own fills its claim',
  { timeout: 240_000 },
  async () => {
    const number = newNumber();
    const nobody = { unavailable: true };
    await setFaults(system, { speech: { stt: nobody, tts: nobody } });
    await definePhone(system, number, {
      ringMs: 400,
      patienceMs: 60_000,
      steps: [{ converses: true }],
      answersWith: [...HELPFUL_ANSWERS],
    });
    const claim = [{ name: 'damage', type: 'text', description: 'What is damaged' }];
    const { call_id: callId } = await post<{ call_id: string }>(system.api, '/call', { phone_number: number, claim });
    const closed = await untilCall(system, callId, {
      what: 'the finished call',
      ready: (call) => !call.in_progress,
      withinMs: 180_000,
    });
    expect(closed.claim['caller_name']).toBe('Anna Petrova');
    expect(closed.claim['caller_email']).toBe('anna.petrova@example.com');
    expect(claimIsComplete(claimSchema(closed.initiate.claim), closed.claim)).toBe(true);
    const { transcriptions, speeches } = await served();
    expect(transcriptions.length).toBeGreaterThan(5);
    expect(speeches.length).toBeGreaterThan(5);
  },
);
