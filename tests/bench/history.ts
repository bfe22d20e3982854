/** Events and bytes a turn of a call on the real local server: `node tests/bench/history.ts [file.json]`. The whole system runs, a scripted customer talks. */
import { writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { callWorkflowId, asCallId } from '../../domain/ids.ts';
import { definePhone, post, untilCall } from '../kit/customers.ts';
import { startSystem } from '../kit/system.ts';
import { historyCost, told } from './history-cost.ts';

/** Small talk, which needs no tool, then a claim, which needs some. */
const CHATS_THEN_TELLS = [
  { when: '/goodbye|have a (nice|good)/i', hangsUp: true },
  { when: '/correct|everything right|leave it like/i', says: 'Yes, that is correct' },
  { when: '/anything else|something more/i', says: 'No, thank you, goodbye' },
  { when: '/e-?mail/i', says: 'It is anna dot petrova at example dot com' },
  {
    when: '/phone number|reach you|call you/i',
    says: 'My number is zero seven seven zero zero nine zero zero one two three',
  },
  { when: '/\\bname\\b/i', says: 'My name is Anna Petrova' },
  { when: '/tell me|damage|happened/i', says: 'The kitchen ceiling is wet' },
] as const;

const number = '+447700900301';
const system = await startSystem();
try {
  await definePhone(system, number, {
    steps: [
      { says: 'Hello?' },
      { waitsForSilenceMs: 900 },
      { says: 'Are you a robot?' },
      { waitsForSilenceMs: 1_200 },
      { says: 'Can you hear me well?' },
      { waitsForSilenceMs: 1_200 },
      { says: 'Please repeat that.' },
      { waitsForSilenceMs: 1_200 },
      { says: 'Am I speaking to a machine or to a person?' },
      { waitsForSilenceMs: 1_200 },
      { says: 'A pipe burst in my kitchen' },
      { converses: true },
    ],
    answersWith: [...CHATS_THEN_TELLS],
  });
  const placed = await post<{ call_id: string }>(system.api, '/call', {
    bot_company: 'Contoso Water',
    bot_name: 'Amelie',
    phone_number: number,
    task: 'Take down the damage.',
    claim: [{ name: 'damage', type: 'text', description: 'What is damaged' }],
  });
  await untilCall(system, placed.call_id, {
    what: 'the end of the call',
    ready: (call) => !call.in_progress && call.synthesis !== null,
    withinMs: 180_000,
  });
  const connection = await Connection.connect({ address: system.run().temporalAddress });
  const client = new Client({ connection });
  const { events } = await client.workflow.getHandle(callWorkflowId(asCallId(placed.call_id))).fetchHistory();
  const cost = historyCost(events ?? []);
  process.stdout.write(`${told(cost)}\n`);
  const file = process.argv[2];
  if (file !== undefined) await writeFile(file, JSON.stringify({ ...cost, raw: events }, null, 1));
  await connection.close();
} finally {
  await system.stop();
}
