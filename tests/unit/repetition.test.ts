import { expect, test } from 'vitest';
import { createRepetitionGuard, type SaidBefore } from '../../domain/repetition.ts';

/** What is heard of a reply. */
function heardOf(sentences: string[], before: Partial<SaidBefore> = {}) {
  const guard = createRepetitionGuard({ thisTurn: [], replies: [], askedAgain: false, ...before });
  const said = sentences.flatMap((sentence) => guard.push(sentence));
  const { sentences: held, stuck } = guard.rest();
  return stuck ? 'stuck' : [...said, ...held];
}
const NOTED = 'I have noted your name.';
const EMAIL = 'What is your e-mail address?';

test('[TT50] a sentence of the same turn is not said again, not even after tools', () => {
  expect(heardOf(['Let me look that up.', 'It is open.'], { thisTurn: ['let me look that up'] })).toEqual([
    'It is open.',
  ]);
  expect(heardOf([NOTED, NOTED, EMAIL])).toEqual([NOTED, EMAIL]);
  expect(heardOf(['Let me look that up.'], { thisTurn: ['Let me look that up.'] })).toEqual([]);
});

test('[TT51] a statement of the last reply is left out where there is more to say, a question may be asked once more', () => {
  expect(heardOf([NOTED, EMAIL], { replies: [[NOTED, 'Fine.']] })).toEqual([EMAIL]);
  expect(heardOf([NOTED], { replies: [[NOTED]] })).toEqual([NOTED]);
  expect(heardOf(['Sorry.', EMAIL], { replies: [[NOTED, EMAIL]] })).toEqual(['Sorry.', EMAIL]);
  expect(heardOf([NOTED], { replies: [[NOTED], [EMAIL]] })).toEqual([NOTED]);
  expect(heardOf(['Of course.', NOTED], { replies: [[NOTED]] })).toEqual(['Of course.', NOTED]);
  expect(heardOf([NOTED, 'Anything else?'], { replies: [[NOTED]] })).toEqual(['Anything else?']);
  expect(heardOf(['Yes, of course.'], { replies: [['Yes, of course.']] })).toEqual(['Yes, of course.']);
});

test('[TT52] what was heard twice in a row is not said a third time', () => {
  expect(heardOf([EMAIL], { replies: [[EMAIL], [EMAIL]] })).toBe('stuck');
  expect(
    heardOf([NOTED, EMAIL], {
      replies: [
        [NOTED, EMAIL],
        [NOTED, EMAIL],
      ],
    }),
  ).toBe('stuck');
  expect(heardOf(['Sorry.', EMAIL], { replies: [[EMAIL], [EMAIL]] })).toBe('stuck');
});

test('[TT53] who asks to hear it again hears it again', () => {
  expect(heardOf([EMAIL], { replies: [[EMAIL], [EMAIL]], askedAgain: true })).toEqual([EMAIL]);
});
