import { expect, test } from 'vitest';
import { dateFrom } from '../../providers/spoken-dates.ts';

const NOW_MS = Date.parse('2026-11-24T02:10:20+01:00');
const minutesTo = (text: string, language: string): number | null => {
  const date = dateFrom(text, { language, nowMs: NOW_MS, zone: 'Europe/Berlin', direction: 'future' });
  return date === null || !date.fromNow ? null : (date.atMs - Date.parse('2026-11-24T02:10:00+01:00')) / 60_000;
};

test.each([
  [
    'en',
    { 'in an hour': 60, 'in half an hour': 30, 'in a quarter of an hour': 15, 'in three quarters of an hour': 45 },
  ],
  [
    'en',
    { 'in an hour and a half': 90, 'in one and a half hours': 90, 'in two and a half hours': 150, 'in 20 minutes': 20 },
  ],
  [
    'de',
    {
      'in einer Stunde': 60,
      'in einer halben Stunde': 30,
      'in einer Viertelstunde': 15,
      'in etwa einer halben Stunde': 30,
    },
  ],
  [
    'de',
    {
      'in einer dreiviertel Stunde': 45,
      'in anderthalb Stunden': 90,
      'in eineinhalb Stunden': 90,
      'in zweieinhalb Stunden': 150,
    },
  ],
  ['fr', { 'dans une heure': 60, 'dans une demi-heure': 30, 'dans un quart d’heure': 15, 'd’ici une heure': 60 }],
  ['fr', { 'dans trois quarts d’heure': 45, 'dans une heure et demie': 90, 'dans deux heures et demie': 150 }],
  ['es', { 'en una hora': 60, 'en media hora': 30, 'dentro de un cuarto de hora': 15, 'en tres cuartos de hora': 45 }],
  ['es', { 'en una hora y media': 90, 'dentro de dos horas y media': 150 }],
  [
    'it',
    { 'tra un’ora': 60, 'fra mezz’ora': 30, 'tra mezzora': 30, 'tra un quarto d’ora': 15, 'tra tre quarti d’ora': 45 },
  ],
  ['it', { 'tra un’ora e mezza': 90, 'fra due ore e mezza': 150 }],
  [
    'pt',
    { 'daqui a uma hora': 60, 'em meia hora': 30, 'daqui a um quarto de hora': 15, 'dentro de vinte minutos': 20 },
  ],
  ['pt', { 'daqui a uma hora e meia': 90, 'daqui a duas horas': 120, 'daqui a duas horas e meia': 150 }],
  ['nl', { 'over een uur': 60, 'over een half uur': 30, 'over een kwartier': 15, 'over drie kwartier': 45 }],
  ['nl', { 'over anderhalf uur': 90, 'over twee en een half uur': 150 }],
  [
    'pl',
    { 'za godzinę': 60, 'za pół godziny': 30, 'za kwadrans': 15, 'za półtorej godziny': 90, 'za dwie godziny': 120 },
  ],
  [
    'tr',
    {
      'bir saat sonra': 60,
      'yarım saat sonra': 30,
      'çeyrek saat sonra': 15,
      'bir buçuk saat sonra': 90,
      'iki saat içinde': 120,
    },
  ],
  [
    'ru',
    {
      'через час': 60,
      'через полчаса': 30,
      'через четверть часа': 15,
      'через полтора часа': 90,
      'через два часа': 120,
    },
  ],
  [
    'uk',
    {
      'через годину': 60,
      'за півгодини': 30,
      'через чверть години': 15,
      'через півтори години': 90,
      'через дві години': 120,
    },
  ],
] as [string, Record<string, number>][])('[TL22] %s: %j', (language, delays) => {
  expect(Object.fromEntries(Object.keys(delays).map((said) => [said, minutesTo(said, language)]))).toEqual(delays);
});

test('[TL22] what goes on behind the hours is read to its end', () => {
  expect(minutesTo('in two hours and 20 minutes', 'en')).toBe(140);
});

test('[TL22] of the past it says nothing', () => {
  const heard = { language: 'en', nowMs: NOW_MS, zone: 'Europe/Berlin', direction: 'past' } as const;
  expect(dateFrom('half an hour ago', heard)?.atMs).toBe(Date.parse('2026-11-24T01:40:00+01:00'));
});
