import { expect, test } from 'vitest';
import { spokenDigits } from '../../domain/spoken-numbers.ts';

test.each([
  ['en-GB', 'oh seven double seven zero, twelve', '0777012'],
  ['en-US', 'plus one two oh two five five five', '+1202555'],
  ['en-US', 'twenty-two forty five', '2245'],
  ['de-DE', 'null eins sieben eins zweiundvierzig', '017142'],
  ['fr-FR', 'zéro six douze trente-quatre quatre-vingt-dix-sept', '06123497'],
  ['fr-FR', 'soixante et onze quatre-vingt-un vingt et un', '718121'],
  ['fr-FR', 'quatre vingt douze soixante dix-huit quatre vingts soixante trois', '92788063'],
  ['es-ES', 'seiscientos doce veintidós treinta y cuatro', '6122234'],
  ['es-ES', 'más treinta y cuatro ciento veintitrés', '+34123'],
  ['it-IT', 'tre quattro otto trentatré quarantuno', '3483341'],
  ['pt-PT', 'nove um dois trezentos e quarenta e cinco', '912345'],
  ['pt-BR', 'onze nove meia sete', '11967'],
  ['nl-NL', 'nul zes tweeëntwintig veertien', '062214'],
  ['pl-PL', 'sześćset jeden dwieście dwa', '601202'],
  ['tr-TR', 'sıfır beş yüz otuz iki kırk beş', '053245'],
  ['ru-RU', 'восемь девятьсот двадцать шесть сорок пять', '892645'],
  ['uk-UA', 'нуль шістдесят сім п’ятсот двадцять', '067520'],
  ['uk-UA', "нуль шістдесят сім п'ятсот двадцять п'ять", '067525'],
])('[CM5] %s: “%s” is %s', (language, said, digits) => {
  expect(spokenDigits(said, language)).toBe(digits);
});
