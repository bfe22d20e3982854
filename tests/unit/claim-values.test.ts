import { describe, expect, test } from 'vitest';
import { claimFieldNamed, normaliseClaimValue, type ClaimValueContext } from '../../activities/claim-values.ts';
import { claimSchema, type ClaimFieldType } from '../../domain/claim.ts';
import { countryOf } from '../../domain/languages.ts';

/** Saturday, noon in Berlin. */
const here = (language: string, country = 'DE'): ClaimValueContext => ({
  language,
  nowMs: Date.UTC(2026, 10, 21, 11, 0),
  zone: 'Europe/Berlin',
  country,
});
const field = (type: ClaimFieldType, name = 'f') => ({ name, type, description: null });
const valueOf = (type: ClaimFieldType, value: unknown, context: ClaimValueContext): string => {
  const result = normaliseClaimValue(field(type), value, context);
  return result.ok ? result.value : `refused: ${result.reason}`;
};

describe('dates become ISO 8601 with the customer’s offset', () => {
  test.each([
    ['en-US', '2026-12-01T10:00:00Z', '2026-12-01T11:00:00+01:00'],
    ['en-US', '2026-07-01T10:00:00', '2026-07-01T10:00:00+02:00'],
    ['en-US', '2026-12-01', '2026-12-01T00:00:00+01:00'],
    ['en-US', 'tomorrow at ten', '2026-11-22T10:00:00+01:00'],
    ['en-US', 'Thursday at 10', '2026-11-26T10:00:00+01:00'],
    ['en-US', 'tomorrow at half past three', '2026-11-22T03:30:00+01:00'],
    ['en-US', 'at three tomorrow afternoon', '2026-11-22T15:00:00+01:00'],
    ['en-US', 'last tuesday', '2026-11-17T00:00:00+01:00'],
    ['en-US', 'yesterday evening at five', '2026-11-20T17:00:00+01:00'],
    ['en-US', 'in twenty minutes', '2026-11-21T12:20:00+01:00'],
    ['en-US', 'March 3rd 1985', '1985-03-03T00:00:00+01:00'],
    ['en-US', '10 am EST tomorrow', '2026-11-22T16:00:00+01:00'],
    ['de-DE', 'morgen um zehn', '2026-11-22T10:00:00+01:00'],
    ['de-DE', 'übermorgen um halb vier', '2026-11-23T03:30:00+01:00'],
    ['de-DE', 'gestern Abend um acht', '2026-11-20T20:00:00+01:00'],
    ['ru-RU', 'завтра в десять часов', '2026-11-22T10:00:00+01:00'],
    ['ru-RU', 'в четверг в три часа дня', '2026-11-26T15:00:00+01:00'],
    ['ru-RU', 'через два часа', '2026-11-21T14:00:00+01:00'],
    ['uk-UA', 'завтра о десятій годині', '2026-11-22T10:00:00+01:00'],
    ['fr-FR', 'demain à dix heures', '2026-11-22T10:00:00+01:00'],
    ['es-ES', 'mañana a las diez', '2026-11-22T10:00:00+01:00'],
    ['it-IT', 'domani alle dieci', '2026-11-22T10:00:00+01:00'],
    ['pt-PT', 'amanhã às dez', '2026-11-22T10:00:00+01:00'],
    ['nl-NL', 'morgen om tien uur', '2026-11-22T10:00:00+01:00'],
    ['pl-PL', 'jutro o dziesiątej', '2026-11-22T10:00:00+01:00'],
    ['tr-TR', 'yarın saat on', '2026-11-22T10:00:00+01:00'],
    ['de-DE', 'tomorrow at ten', '2026-11-22T10:00:00+01:00'],
  ])('[CM10] %s: %s', (language, said, iso) => expect(valueOf('datetime', said, here(language))).toBe(iso));

  test('[CM11] an open weekday lies behind where something has happened, ahead otherwise', () => {
    const said = (name: string) => normaliseClaimValue(field('datetime', name), 'on Monday', here('en-US'));
    expect(said('incident_datetime')).toEqual({ ok: true, value: '2026-11-16T00:00:00+01:00' });
    expect(said('appointment')).toEqual({ ok: true, value: '2026-11-23T00:00:00+01:00' });
  });

  test('[CM12] the offset is that of the day meant, across a change of the clocks', () => {
    const beforeSpring = { ...here('en-US'), nowMs: Date.UTC(2027, 2, 27, 11, 0) };
    expect(valueOf('datetime', 'tomorrow at ten', beforeSpring)).toBe('2027-03-28T10:00:00+02:00');
  });
});

describe('e-mails as spoken become addresses', () => {
  test.each([
    ['en-US', 'anna dot petrova at example dot com', 'anna.petrova@example.com'],
    ['en-US', 'My email is Anna.Petrova@Example.COM.', 'anna.petrova@example.com'],
    ['en-US', 'it is j o h n underscore five at gmail dot com', 'john_5@gmail.com'],
    ['en-US', 'you can reach me at anna at example dot co dot uk', 'anna@example.co.uk'],
    ['de-DE', 'max bindestrich muster klammeraffe web punkt de', 'max-muster@web.de'],
    ['de-DE', 'jörg punkt groß at beispiel punkt de', 'jorg.gross@beispiel.de'],
    ['ru-RU', 'анна точка петрова собака мейл точка ру', 'anna.petrova@mail.ru'],
    ['fr-FR', 'anna tiret bas petrova arobase exemple point fr', 'anna_petrova@exemple.fr'],
    ['es-ES', 'ana guion bajo uno arroba ejemplo punto es', 'ana_1@ejemplo.es'],
  ])('[CM13] %s: %s', (language, said, email) => expect(valueOf('email', said, here(language))).toBe(email));

  test.each(['anna', 'anna at', 'at example dot com', 'anna@example', 'a b c'])(
    '[CM14] “%s” is refused with a reason',
    (said) => {
      expect(valueOf('email', said, here('en-US'))).toMatch(/^refused: f: .*spell/);
    },
  );
});

describe('phone numbers become E.164', () => {
  test.each([
    ['en-US', 'two oh two five five five oh one four three', '+12025550143'],
    ['en-US', 'my number is (202) 555-0143', '+12025550143'],
    ['en-US', 'plus four nine three zero nine zero one eight two zero', '+4930901820'],
    ['en-US', '0049 30 901820', '+4930901820'],
    ['en-US', '+15550100123', '+15550100123'],
    ['de-DE', 'null drei null neun null eins acht zwei null', '+4930901820'],
    ['ru-RU', 'восемь девятьсот шестнадцать сто двадцать три сорок пять шестьдесят семь', '+79161234567'],
    ['fr-FR', 'zéro six douze trente-quatre cinquante-six soixante-dix-huit', '+33612345678'],
    ['en-US', 2025550143, '+12025550143'],
  ])('[CM15] %s: %s', (language, said, e164) =>
    expect(valueOf('phone_number', said, here(language, countryOf(language)))).toBe(e164),
  );

  test.each(['five five five', 'call me', '12', '+1'])('[CM16] “%s” is refused with a reason', (said) => {
    expect(valueOf('phone_number', said, here('en-US', 'US'))).toMatch(/^refused: f: .*digit by digit/);
  });
});

describe('text and nonsense', () => {
  test('[CM17] text is kept as said, trimmed', () => {
    expect(valueOf('text', '  12 Elm\n Street ', here('en-US'))).toBe('12 Elm Street');
    expect(valueOf('text', true, here('en-US'))).toBe('true');
  });

  test.each<[ClaimFieldType, unknown]>([
    ['text', ''],
    ['text', '  '],
    ['text', 'unknown'],
    ['text', 'N/A'],
    ['text', '...'],
    ['text', null],
    ['text', { a: 1 }],
    ['text', 'x'.repeat(3_000)],
    ['datetime', 'soon enough'],
    ['datetime', 'Anna'],
    ['email', null],
  ])('[CM18] %s %j is refused', (type, value) => expect(valueOf(type, value, here('en-US'))).toMatch(/^refused: f: /));

  test('[CM19] an unknown field is refused, and the known ones named', () => {
    expect(claimFieldNamed(claimSchema([]), 'shoe_size')).toEqual({
      ok: false,
      reason: 'There is no field "shoe_size". Fields: caller_email, caller_name, caller_phone.',
    });
    expect(claimFieldNamed(claimSchema([]), 'caller_name').ok).toBe(true);
  });
});
