import { expect, test } from 'vitest';
import { LANGUAGES } from '../../domain/languages.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { SAMPLES } from './reading-samples.ts';

/** The ceiling is 500 ms as delivered. */
const BREATH_MS = 800;

test.each(LANGUAGES)(
  '[EP8, EP18] on a call in $englishName who announces a number and breathes is waited for',
  async ({ code, locale }) => {
    const leg = new FakeLeg({
      arrange: ({ link }) => {
        if (link.seed !== null) link.seed = { ...link.seed, facts: { ...link.seed.facts, language: locale } };
      },
    });
    await leg.clock.advance(200);
    const [announcement = ''] = SAMPLES[code].announcing.toLowerCase().split(' | ');
    await leg.says(announcement);
    await leg.clock.advance(BREATH_MS);
    expect(leg.link.turns).toEqual([]);
    const turn = await leg.saysAndCommits(`${announcement} 0123 456 789`);
    expect(turn.utterance).toBe(`${announcement} 0123 456 789`);
  },
);
