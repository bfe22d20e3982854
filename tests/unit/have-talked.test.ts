import { expect, test } from 'vitest';
import type { TranscriptEntry } from '../../domain/conversation.ts';
import { haveTalked, meantEntry, newEntry, withHeard } from '../../domain/dialog-transcript.ts';

const SINCE = 10_000;
let turns = 0;
const says = (text: string, atMs = SINCE + 1_000): TranscriptEntry => {
  turns += 1;
  return newEntry({ turnId: `t${turns}`, persona: 'human', text, atMs });
};
/** Of what the bot meant to say, so much was heard. */
function hears(meant: string, heard = meant): TranscriptEntry {
  turns += 1;
  const turnId = `t${turns}`;
  const report = { turnId, heardText: heard, complete: heard === meant };
  return withHeard([meantEntry(turnId, meant, SINCE)], report)[0] ?? meantEntry(turnId, meant, SINCE);
}
const greeting = hears('Hello, this is Amelie. How can I help you?');

test.each<[string, boolean, TranscriptEntry[]]>([
  ['nobody speaks', false, [greeting]],
  ['a “hello?” into the greeting is cut off', false, [greeting, says('Hello? Hello?')]],
  [
    'the answer begins and the line drops',
    false,
    [greeting, says('It is Ann'), hears('Hello Ann, it comes on Friday', 'Hello')],
  ],
  ['nothing of the answer is heard', false, [greeting, says('It is Ann'), hears('Hello Ann', '')]],
  ['the answer is heard', true, [greeting, says('When does it come?'), hears('On Friday.')]],
  [
    'they speak on into the answer',
    true,
    [says('It is Ann'), hears('Hello Ann, it comes', 'Hello Ann'), says('I know')],
  ],
  ['it was said in an earlier part of the call', false, [says('Hello', SINCE - 1), hears('Hello'), greeting]],
])('[CB31] %s: talked %s', (_, talked, transcript) => {
  expect(haveTalked(transcript, SINCE)).toBe(talked);
});

test('[CB31] an answer by text message that did not arrive is none', () => {
  const text = (status: 'delivered' | 'failed'): TranscriptEntry => ({
    ...hears('On Friday.'),
    action: 'sms',
    sms: { messageId: 'm', ref: null, status },
  });
  expect(haveTalked([says('When?'), text('delivered')], SINCE)).toBe(true);
  expect(haveTalked([says('When?'), text('failed')], SINCE)).toBe(false);
});
