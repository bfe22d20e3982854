import { expect, test } from 'vitest';
import { lineFigures, type LineTimeline, type Span } from '../../bench/line-figures.ts';

const always = { fromMs: 0, untilMs: 1_000_000 };
const kinds = { interjections: ['Stop.'], brokenOff: ['My name is'], backchannels: ['Mhm.'] };

function line(parts: Partial<LineTimeline> & { says: [text: string, ...span: Span][] }): LineTimeline {
  const { says, ...rest } = parts;
  const spoken = says.map(([text, fromMs, untilMs]) => ({
    text,
    fromMs: fromMs - 60,
    untilMs: untilMs + 60,
    whole: true,
  }));
  const customer = says.map(([, fromMs, untilMs]): Span => [fromMs, untilMs]);
  return { customer, spoken, bot: [], dry: [], ...rest };
}

test('[QT10] an answer is counted from the last loud frame sent to the first loud frame played', () => {
  const customer: Span[] = [
    [1_000, 1_400],
    [1_520, 2_000],
  ];
  const figures = lineFigures(
    line({ says: [['Hello.', 1_000, 2_000]], customer, bot: [[2_640, 4_000]] }),
    always,
    kinds,
  );
  expect(figures.voiceToVoiceMs).toEqual([640]);
  expect(figures).toMatchObject({ unanswered: 0, cutIns: 0 });
});

test('[QT10] sound of the bot that was already on the line is no answer', () => {
  const bot: Span[] = [
    [500, 2_080],
    [2_700, 3_000],
  ];
  expect(lineFigures(line({ says: [['Hello.', 1_000, 2_000]], bot }), always, kinds).voiceToVoiceMs).toEqual([700]);
});

test('[QT15] an answer to words that the customer broke off is counted apart', () => {
  const figures = lineFigures(line({ says: [['My name is', 1_000, 2_000]], bot: [[3_200, 4_000]] }), always, kinds);
  expect(figures).toMatchObject({
    voiceToVoiceMs: [],
    brokenOffMs: [1_200],
    answers: [{ text: 'My name is', ms: 1_200 }],
  });
});

test('[QT10] who speaks again before an answer was not answered', () => {
  const says: [string, number, number][] = [
    ['Hello.', 1_000, 2_000],
    ['Is anybody there?', 9_000, 10_000],
  ];
  const figures = lineFigures(line({ says, bot: [[10_500, 11_000]] }), always, kinds);
  expect(figures.voiceToVoiceMs).toEqual([500]);
  expect(figures.unanswered).toBe(1);
});

test('[QT10] a turn whose answer the round’s end cut off counts neither way, a bot that cuts in is told', () => {
  const says: [string, number, number][] = [
    ['One.', 1_000, 2_000],
    ['Two.', 4_000, 5_000],
  ];
  const figures = lineFigures(
    line({
      says,
      bot: [
        [1_500, 1_800],
        [2_500, 3_000],
      ],
    }),
    { fromMs: 0, untilMs: 5_200 },
    kinds,
  );
  expect(figures).toMatchObject({ voiceToVoiceMs: [500], unanswered: 0, cutIns: 1 });
});

test('[QT10] what ended before the round or after it is not counted', () => {
  const says: [string, number, number][] = [
    ['Warm.', 1_000, 2_000],
    ['Counted.', 4_000, 5_000],
    ['Late.', 8_000, 9_000],
  ];
  const bot: Span[] = [
    [2_900, 3_000],
    [5_700, 6_000],
    [9_800, 9_900],
  ];
  expect(lineFigures(line({ says, bot }), { fromMs: 2_500, untilMs: 8_500 }, kinds).voiceToVoiceMs).toEqual([700]);
});

test('[QT11] an interruption is counted to the last loud frame that was played, resumed speech included', () => {
  const says: [string, number, number][] = [['Stop.', 3_000, 4_500]];
  const stopsAtOnce = line({
    says,
    bot: [
      [1_000, 3_200],
      [5_200, 6_000],
    ],
  });
  expect(lineFigures(stopsAtOnce, always, kinds).bargeInStopMs).toEqual([200]);
  const resumes = line({
    says,
    bot: [
      [1_000, 3_200],
      [3_900, 4_100],
    ],
  });
  expect(lineFigures(resumes, always, kinds).bargeInStopMs).toEqual([1_100]);
  const speaksOn = line({ says, bot: [[1_000, 9_000]] });
  expect(lineFigures(speaksOn, always, kinds).bargeInStopMs).toEqual([1_500]);
});

test('[QT11] where the bot had fallen silent by itself nothing was interrupted', () => {
  const silent = line({
    says: [['Stop.', 3_000, 4_500]],
    bot: [
      [1_000, 2_800],
      [5_200, 6_000],
    ],
  });
  expect(lineFigures(silent, always, kinds).bargeInStopMs).toEqual([]);
});

test('[QT11] a listener’s sound is no turn: its pause is counted apart', () => {
  const heard = line({
    says: [['Mhm.', 3_000, 3_300]],
    bot: [
      [1_000, 3_200],
      [3_820, 6_000],
    ],
  });
  const figures = lineFigures(heard, always, kinds);
  expect(figures).toMatchObject({ voiceToVoiceMs: [], bargeInStopMs: [], unanswered: 0, backchannelPauseMs: [600] });
});

test('[QT12] a buffer that ran dry for more than 40 ms between two sounds of the bot is a gap', () => {
  const bot: Span[] = [
    [1_000, 2_000],
    [2_120, 3_000],
  ];
  const dry: Span[] = [
    [2_020, 2_100],
    [2_500, 2_520],
    [3_020, 9_000],
  ];
  expect(lineFigures(line({ says: [], bot, dry }), always, kinds).gapMs).toEqual([100]);
});

test('[QT12] it is none where the customer had spoken, and that was why', () => {
  const bot: Span[] = [
    [1_000, 2_000],
    [4_000, 5_000],
  ];
  const dry: Span[] = [[2_020, 3_980]];
  expect(lineFigures(line({ says: [['Mhm.', 1_700, 1_900]], bot, dry }), always, kinds).gapMs).toEqual([]);
  expect(lineFigures(line({ says: [['Hello.', 2_500, 3_300]], bot, dry }), always, kinds).gapMs).toEqual([]);
  expect(lineFigures(line({ says: [['Hello.', 200, 900]], bot, dry }), always, kinds).gapMs).toEqual([1_980]);
});
