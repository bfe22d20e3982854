import { expect, test } from 'vitest';
import { isBackchannel } from '../../domain/backchannels.ts';
import { isTurn, judge, pausesFor, type Pause, type Verdict } from '../../domain/barge-in.ts';
import { LANGUAGES } from '../../domain/languages.ts';

const rules = { minSpeechMs: 250 };

/** What is known so long after the bot fell silent: words, when the sound ended, when the words last changed. */
interface Moment {
  atMs: number;
  text?: string;
  soundEndedAtMs?: number;
  wordsAtMs?: number;
}

function verdictAt(moment: Moment, over: Partial<Pause> = {}): Verdict {
  const { atMs, text = '', soundEndedAtMs = atMs, wordsAtMs = 0 } = moment;
  return judge(
    {
      text,
      language: 'en-US',
      wordsExpected: true,
      // The bot falls silent 100 ms after the customer began.
      voicedMs: Math.min(atMs, soundEndedAtMs) + 100,
      sinceMs: atMs,
      quietMs: atMs - soundEndedAtMs,
      wordsStoodMs: atMs - wordsAtMs,
      botLeftMs: 5_000,
      ...over,
    },
    rules,
  );
}

test('[BI20] three windows of voice make the bot fall silent, two are a click', () => {
  expect(pausesFor({ speechMs: 64, loudMs: 60 }, 0)).toBe(false);
  expect(pausesFor({ speechMs: 96, loudMs: 80 }, 0)).toBe(true);
  // "Sorry": the detector hears the "s" late.
  expect(pausesFor({ speechMs: 64, loudMs: 140 }, 0)).toBe(true);
});

test('[BI25] twice stopped for nothing it wants longer speech, then words', () => {
  const voice = (ms: number) => ({ speechMs: ms, loudMs: Math.min(ms, 240) });
  expect(pausesFor(voice(96), 1)).toBe(true);
  expect(pausesFor(voice(320), 2)).toBe(false);
  expect(pausesFor(voice(416), 2)).toBe(true);
  expect(pausesFor(voice(5_000), 4)).toBe(false);
});

test('[BI21] after "mhm" the bot goes on as soon as the customer is silent and the word stands', () => {
  const mhm = { text: 'Mhm.', soundEndedAtMs: 250 };
  expect(verdictAt({ ...mhm, atMs: 250, wordsAtMs: 200 })).toBe('wait');
  expect(verdictAt({ ...mhm, atMs: 400, wordsAtMs: 300 })).toBe('wait');
  expect(verdictAt({ ...mhm, atMs: 450, wordsAtMs: 300 })).toBe('backchannel');
  expect(verdictAt({ ...mhm, atMs: 450, wordsAtMs: 400 })).toBe('wait');
  expect(verdictAt({ ...mhm, text: 'mhm, ok', atMs: 450, wordsAtMs: 300 })).toBe('backchannel');
});

test('[BI23] "ok" that goes on is waited for, and with its next word it is an interruption', () => {
  expect(verdictAt({ text: 'ok', atMs: 300, wordsAtMs: 150 })).toBe('wait');
  expect(verdictAt({ text: 'ok but', atMs: 500, wordsAtMs: 480 })).toBe('turn');
});

test('[BI22] a cough: on again when no word has come; a street: on again after a second and a half', () => {
  expect(verdictAt({ atMs: 500, soundEndedAtMs: 200 })).toBe('wait');
  expect(verdictAt({ atMs: 550, soundEndedAtMs: 200 })).toBe('noise');
  expect(verdictAt({ atMs: 1_480 })).toBe('wait');
  expect(verdictAt({ atMs: 1_500 })).toBe('noise');
});

test('[BI4] without interims long speech is a turn, and short sound waits for its final', () => {
  const deaf = { wordsExpected: false };
  expect(verdictAt({ atMs: 600 }, deaf)).toBe('wait');
  expect(verdictAt({ atMs: 720 }, deaf)).toBe('turn');
  expect(verdictAt({ atMs: 900, soundEndedAtMs: 300 }, deaf)).toBe('wait');
  expect(verdictAt({ atMs: 1_100, soundEndedAtMs: 300 }, deaf)).toBe('noise');
});

test('[BI24] "yes" into the last second is left to the end of the turn', () => {
  const yes = { text: 'Yes.', atMs: 600, soundEndedAtMs: 250, wordsAtMs: 300 };
  expect(verdictAt(yes, { botLeftMs: 900 })).toBe('wait');
  expect(verdictAt(yes, { botLeftMs: 1_100 })).toBe('backchannel');
});

test('[BI13] "yes" answers what the bot has all but said, and is no turn while it has more to say or thinks', () => {
  const yes = { text: 'yes', voicedMs: 300, language: 'en-US' };
  expect(isTurn(yes, { leftMs: 900, thinking: false, stopped: false })).toBe(true);
  expect(isTurn(yes, { leftMs: 1_100, thinking: false, stopped: false })).toBe(false);
  expect(isTurn(yes, { leftMs: 0, thinking: true, stopped: false })).toBe(false);
  expect(isTurn({ ...yes, text: 'not yet' }, { leftMs: 5_000, thinking: true, stopped: false })).toBe(true);
});

test('[BI28] backchannels in every language, as recognisers write them', () => {
  for (const { locale } of LANGUAGES) expect(isBackchannel('Mhm, ok.', locale)).toBe(true);
  for (const [text, language] of [
    ['Mm-hmm. Uh-huh.', 'en-GB'],
    ['Hmmmm, I see', 'en-US'],
    ['Ja, alles klar', 'de-AT'],
    ['D’accord, très bien', 'fr-FR'],
    ['Sí, claro que sí', 'es-ES'],
    ['Sì, ho capito', 'it-IT'],
    ['Pois, está bem', 'pt-PT'],
    ['Ja, ik snap het', 'nl-NL'],
    ['No tak, rozumiem', 'pl-PL'],
    ['İyi, tamam', 'tr-TR'],
    ['Угу, всё понятно', 'ru-RU'],
    ['Так, зрозуміло', 'uk-UA'],
  ] as const)
    expect(isBackchannel(text, language), text).toBe(true);
  for (const [text, language] of [
    ['Stop', 'en-US'],
    ['Nein', 'de-DE'],
    ['Ja aber', 'de-DE'],
    ['Нет', 'ru-RU'],
    ['Hayır', 'tr-TR'],
    ['Nie', 'pl-PL'],
  ] as const)
    expect(isBackchannel(text, language), text).toBe(false);
});
