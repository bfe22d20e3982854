/** The words for numbers, by language. */
import type { LanguageCode } from './languages.ts';

export interface NumberWords {
  /** 0–19, variants separated by `|`. */
  small: readonly string[];
  /** 20, 30 … 90. */
  tens: readonly string[];
  /** Between ten and unit: `treinta y uno`. */
  joint: string | null;
  /** `zweiundvierzig`: unit, this, ten, in one word. */
  fused: string | null;
}

const list = (words: string): string[] => words.split(', ');

export const WORDS: Record<LanguageCode, NumberWords> = {
  en: {
    small: list(
      'zero|oh, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen',
    ),
    tens: list('twenty, thirty, forty|fourty, fifty, sixty, seventy, eighty, ninety'),
    joint: null,
    fused: null,
  },
  de: {
    small: list(
      'null, eins|ein, zwei|zwo, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf, dreizehn, vierzehn, fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn',
    ),
    tens: list('zwanzig, dreißig|dreissig, vierzig, fünfzig, sechzig, siebzig, achtzig, neunzig'),
    joint: null,
    fused: 'und',
  },
  fr: {
    small: list(
      'zéro, un|une, deux, trois, quatre, cinq, six, sept, huit, neuf, dix, onze, douze, treize, quatorze, quinze, seize, dix-sept, dix-huit, dix-neuf',
    ),
    tens: list('vingt, trente, quarante, cinquante, soixante, septante, quatre-vingts|quatre-vingt|huitante, nonante'),
    joint: 'et',
    fused: null,
  },
  es: {
    small: list(
      'cero, uno|una|un, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce, trece, catorce, quince, dieciséis, diecisiete, dieciocho, diecinueve',
    ),
    tens: list('veinte, treinta, cuarenta, cincuenta, sesenta, setenta, ochenta, noventa'),
    joint: 'y',
    fused: null,
  },
  it: {
    small: list(
      'zero, uno|una|un, due, tre, quattro, cinque, sei, sette, otto, nove, dieci, undici, dodici, tredici, quattordici, quindici, sedici, diciassette, diciotto, diciannove',
    ),
    tens: list('venti, trenta, quaranta, cinquanta, sessanta, settanta, ottanta, novanta'),
    joint: null,
    fused: null,
  },
  pt: {
    small: list(
      'zero, um|uma, dois|duas, três, quatro, cinco, seis|meia, sete, oito, nove, dez, onze, doze, treze, catorze|quatorze, quinze, dezasseis|dezesseis, dezassete|dezessete, dezoito, dezanove|dezenove',
    ),
    tens: list('vinte, trinta, quarenta, cinquenta, sessenta, setenta, oitenta, noventa'),
    joint: 'e',
    fused: null,
  },
  nl: {
    small: list(
      'nul, één|een, twee, drie, vier, vijf, zes, zeven, acht, negen, tien, elf, twaalf, dertien, veertien, vijftien, zestien, zeventien, achttien, negentien',
    ),
    tens: list('twintig, dertig, veertig, vijftig, zestig, zeventig, tachtig, negentig'),
    joint: null,
    fused: 'en|ën',
  },
  pl: {
    small: list(
      'zero, jeden|jedna|pierwszej, dwa|dwie|drugiej, trzy|trzeciej, cztery|czwartej, pięć|piątej, sześć|szóstej, siedem|siódmej, osiem|ósmej, dziewięć|dziewiątej, dziesięć|dziesiątej, jedenaście|jedenastej, dwanaście|dwunastej, trzynaście|trzynastej, czternaście|czternastej, piętnaście|piętnastej, szesnaście|szesnastej, siedemnaście|siedemnastej, osiemnaście|osiemnastej, dziewiętnaście|dziewiętnastej',
    ),
    tens: list(
      'dwadzieścia, trzydzieści, czterdzieści, pięćdziesiąt, sześćdziesiąt, siedemdziesiąt, osiemdziesiąt, dziewięćdziesiąt',
    ),
    joint: null,
    fused: null,
  },
  tr: {
    small: list(
      'sıfır, bir, iki, üç, dört, beş, altı, yedi, sekiz, dokuz, on, on bir, on iki, on üç, on dört, on beş, on altı, on yedi, on sekiz, on dokuz',
    ),
    tens: list('yirmi, otuz, kırk, elli, altmış, yetmiş, seksen, doksan'),
    joint: null,
    fused: null,
  },
  ru: {
    small: list(
      'ноль|нуль, один|одна|одну, два|две, три, четыре, пять, шесть, семь, восемь, девять, десять, одиннадцать, двенадцать, тринадцать, четырнадцать, пятнадцать, шестнадцать, семнадцать, восемнадцать, девятнадцать',
    ),
    tens: list('двадцать, тридцать, сорок, пятьдесят, шестьдесят, семьдесят, восемьдесят, девяносто'),
    joint: null,
    fused: null,
  },
  uk: {
    small: list(
      "нуль, один|одна, два|дві, три, чотири, п’ять|п'ять, шість, сім, вісім, дев’ять|дев'ять, десять|десятій, одинадцять|одинадцятій, дванадцять, тринадцять, чотирнадцять, п’ятнадцять|п'ятнадцять, шістнадцять, сімнадцять, вісімнадцять, дев’ятнадцять|дев'ятнадцять",
    ),
    tens: list(
      "двадцять, тридцять, сорок, п’ятдесят|п'ятдесят, шістдесят, сімдесят, вісімдесят, дев’яносто|дев'яносто",
    ),
    joint: null,
    fused: null,
  },
};

/** Hundreds are spoken in phone numbers only where people group by three. */
export const HUNDREDS: Partial<Record<LanguageCode, readonly string[]>> = {
  ru: list('сто, двести, триста, четыреста, пятьсот, шестьсот, семьсот, восемьсот, девятьсот'),
  uk: list("сто, двісті, триста, чотириста, п’ятсот|п'ятсот, шістсот, сімсот, вісімсот, дев’ятсот|дев'ятсот"),
  pl: list('sto, dwieście, trzysta, czterysta, pięćset, sześćset, siedemset, osiemset, dziewięćset'),
  tr: list('yüz, iki yüz, üç yüz, dört yüz, beş yüz, altı yüz, yedi yüz, sekiz yüz, dokuz yüz'),
  es: list(
    'cien|ciento, doscientos|doscientas, trescientos|trescientas, cuatrocientos|cuatrocientas, quinientos|quinientas, seiscientos|seiscientas, setecientos|setecientas, ochocientos|ochocientas, novecientos|novecientas',
  ),
  pt: list(
    'cem|cento, duzentos|duzentas, trezentos|trezentas, quatrocentos|quatrocentas, quinhentos|quinhentas, seiscentos|seiscentas, setecentos|setecentas, oitocentos|oitocentas, novecentos|novecentas',
  ),
};
