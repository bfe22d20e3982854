import { expect, test } from 'vitest';
import { afterSpeech, isOthers, nobodyYet, type Talkers } from '../../domain/talkers.ts';

/** Windows of speech; every fourth one is a consonant. */
function speech(talkers: Talkers, levelDb: number, windows: number): Talkers {
  let now = talkers;
  for (let count = 0; count < windows; count += 1) now = afterSpeech(now, levelDb - (count % 4 === 3 ? 16 : count % 3));
  return now;
}

const SECOND = 31;

test('[EP40] who goes on talking 20 dB under the customer is somebody else, and stays so', () => {
  const talk = speech(nobodyYet(), -18, 3 * SECOND);
  expect(isOthers(talk, -38)).toBe(false);
  const after = speech(talk, -38, SECOND);
  expect(isOthers(after, -38)).toBe(true);
  expect(isOthers(after, -19)).toBe(false);
  const later = speech(speech(after, -18, 5 * SECOND), -38, 10 * SECOND);
  expect(isOthers(later, -36)).toBe(true);
  expect(isOthers(later, -19)).toBe(false);
});

test('[EP40] a television that was there first is told from the customer who then speaks', () => {
  const both = speech(speech(nobodyYet(), -40, 5 * SECOND), -18, 2 * SECOND);
  expect(isOthers(speech(both, -40, SECOND), -40)).toBe(true);
});

test('[EP41] the soft end of a sentence is the customer’s, and so are another’s words on a line held otherwise', () => {
  let talk = nobodyYet();
  for (let sentence = 0; sentence < 20; sentence += 1) talk = speech(speech(talk, -18, 2 * SECOND), -36, 12);
  expect(isOthers(talk, -36)).toBe(false);
  const fartherAway = speech(talk, -28, 10 * SECOND);
  expect(isOthers(fartherAway, -28)).toBe(false);
});

test('[EP41] a talker whose level varies is one talker', () => {
  let talk = nobodyYet();
  for (let phrase = 0; phrase < 100; phrase += 1) talk = speech(talk, -20 - (phrase % 11), 10);
  expect(talk.othersDb).toBe(-Infinity);
});

test('[EP40] a television that was switched off is forgotten', () => {
  const after = speech(speech(nobodyYet(), -18, SECOND), -38, SECOND);
  expect(isOthers(after, -38)).toBe(true);
  expect(isOthers(speech(after, -18, 90 * SECOND), -38)).toBe(false);
});

test('[EP44] the bot’s echo is nobody’s voice, and who speaks over it is the customer', () => {
  const echo = (talkers: Talkers, windows: number): Talkers => {
    let now = talkers;
    for (let count = 0; count < windows; count += 1) now = afterSpeech(now, -34, true);
    return now;
  };
  expect(echo(nobodyYet(), SECOND)).toMatchObject({ customerDb: -Infinity, othersDb: -Infinity });
  const after = echo(speech(nobodyYet(), -18, SECOND), 10 * SECOND);
  expect(isOthers(after, -34)).toBe(false);
  expect(afterSpeech(nobodyYet(), -18, true).customerDb).toBe(-Infinity);
  expect(afterSpeech(speech(nobodyYet(), -28, SECOND), -18, true).customerDb).toBeGreaterThan(-28);
  expect(isOthers(speech(after, -34, SECOND), -34)).toBe(true);
});
