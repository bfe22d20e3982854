/** What the bench's customers and its bot say. Replies come over the model's own wire; both sides' sound is rendered before the measurement. */

/** Sentences that read finished, as recognisers give them: some with their stop, some without. */
const FINISHED = [
  'A pipe burst in my kitchen.',
  'The water came through the ceiling of the bathroom last night',
  'No, that is not what I meant.',
  'Yes, please.',
  'I would like to know when somebody can come and look at it.',
  'It happened on Tuesday, shortly after we had gone to bed.',
  'Can you tell me how long that usually takes?',
  'My neighbour downstairs has the same problem',
  'I have already sent you the pictures by e-mail.',
  'That would be fine for me.',
  'We have switched off the water in the whole house, but the floor is still wet.',
  'Who is going to pay for the new carpet?',
  'Is there anything that I have to prepare?',
  'The heating does not work either.',
  'Thank you, that helps me a lot',
  'I am at home in the afternoon.',
  'Could you repeat that?',
  'Two rooms are damaged, and the stairs as well.',
  'I called you last week about the same thing.',
  'No.',
] as const;

/** The customer is about to go on, or thinks, or counts. */
export const BROKEN_OFF: readonly string[] = [
  'Well, I was wondering whether',
  'The number of my policy is four seven one one',
  'It was on the second floor, and then',
  'My name is',
];

export const UTTERANCES: readonly string[] = [...FINISHED, ...FINISHED.slice(0, 4), ...BROKEN_OFF];

/** Said into the bot's reply by somebody who wants the word. */
export const INTERJECTIONS: readonly string[] = [
  'Wait a moment, I have another question first.',
  'No, stop, that is the wrong address.',
  'Sorry, can I just say something about the kitchen?',
  'Excuse me, I did not understand that at all.',
  'Hold on, my wife says that it was on Monday.',
];

/** Said by somebody who listens. */
export const BACKCHANNELS: readonly string[] = ['Mhm.', 'Okay.', 'Uh-huh.'];

/** First sentences of six to ten words, as a model that was told to be brief begins. */
const FIRST = [
  'I am sorry to hear about the water.',
  'Thank you, I have written that down now.',
  'That is good to know, thank you.',
  'I understand, and I will note the date.',
  'Our colleague can come on Thursday in the morning.',
  'That usually takes about three working days.',
  'Please keep the receipts for all the repairs.',
  'The insurance pays for the carpet as well.',
  'I have found your claim in our system.',
  'You do not have to prepare anything for that.',
] as const;

const MORE = [
  'Is anybody else in the house affected by the damage?',
  'Could you tell me when you first noticed it?',
  'You will get a message from us as soon as the date is fixed.',
  'Is there anything else that I should write down?',
] as const;

/** One to three sentences. */
export const REPLIES: readonly string[] = FIRST.flatMap((first, index) => [
  first,
  `${first} ${pick(MORE, index)}`,
  ...(index % 3 === 0 ? [`${first} ${pick(MORE, index + 2)} ${pick(MORE, index + 1)}`] : [first]),
]);

/** Long enough that who speaks into it after two seconds speaks into it. */
export const LONG_REPLIES: readonly string[] = FIRST.map(
  (first, index) => `${first} ${pick(MORE, index + 2)} ${pick(MORE, index + 3)} ${pick(MORE, index + 1)}`,
);

export const SENTENCES: readonly string[] = [...FIRST, ...MORE];

export const firstWords = (replies: readonly string[]): number[] =>
  replies.map((reply) => (reply.split(/(?<=[.?!])\s/u)[0] ?? '').split(' ').length);

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}
