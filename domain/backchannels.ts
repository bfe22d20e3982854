/** Sounds of listening and of picking up, by language: they ask for nothing. */
import { perLanguage, type LanguageCode } from './languages.ts';
import { remembering } from './remembering.ts';
import { smallLetters } from './small-letters.ts';

/** As recognisers write them: in small letters, hyphens as spaces, three letters in a row as two. */
const BACKCHANNELS: Readonly<Record<LanguageCode, string>> = {
  en: `mhm, mmhm, mm, mm hm, mm hmm, mhmm, hm, hmm, uh huh, uhhuh, um hum, aha, ah, oh, eh, ok, okay,
    okey, k, kay, yeah, yep, yup, yes, ya, right, sure, i see, oh i see, all right, alright, got it,
    i got it, gotcha, good, fine, great, cool, nice, perfect, of course, exactly, true, i know,
    makes sense, i understand, understood, really, wow, go on`,
  de: `mhm, hm, hmm, mm, aha, ah, oh, ach, ach so, achso, ah ja, na ja, naja, ok, okay, ja, jo, jaja,
    genau, gut, sehr gut, schön, klar, stimmt, richtig, eben, alles klar, in ordnung, verstehe,
    ich verstehe, verstanden, sicher, natürlich, super, prima, ja klar`,
  fr: `mhm, hm, hmm, mm, ah, oh, aha, ah bon, ah oui, ok, okay, d'accord, dac, oui, ouais, bien,
    très bien, bon, je vois, je comprends, compris, c'est ça, exact, exactement, voilà, bien sûr,
    ça marche, parfait, super, entendu, tout à fait, en effet, effectivement, ben oui`,
  es: `mhm, hm, hmm, mm, ajá, aja, aha, ah, oh, eh, ok, okay, okey, vale, sí, si, claro, bien, muy bien,
    bueno, ya, ya veo, entiendo, entendido, comprendo, de acuerdo, perfecto, exacto, por supuesto,
    claro que sí, está bien, eso es, así es, genial, cierto, correcto`,
  it: `mhm, hm, hmm, mm, ah, oh, eh, aha, ah ah, ok, okay, sì, si, già, certo, bene, va bene, molto bene,
    capisco, capito, ho capito, giusto, esatto, perfetto, d'accordo, certamente, vero,
    è vero, ottimo, chiaro, eh sì, ah sì, infatti, appunto, benissimo`,
  pt: `mhm, hm, hmm, hum, uhum, aham, mm, ah, oh, eh, ok, okay, sim, pois, pois é, pois sim, certo, claro,
    tá, tá bom, está bem, está bom, tudo bem, bem, bom, muito bem, entendi, percebo, percebi, entendo,
    compreendo, exato, exatamente, isso, é isso, é verdade, perfeito, com certeza`,
  nl: `mhm, hm, hmm, mm, aha, ah, oh, oké, oke, ok, okay, ja, jaja, ja ja, jawel, goed, heel goed, prima,
    precies, klopt, dat klopt, juist, snap ik, ik snap het, begrijp ik, ik begrijp het, duidelijk,
    natuurlijk, zeker, is goed, mooi, top, in orde, nou ja, o ja, oh ja`,
  pl: `mhm, hm, hmm, mm, yhm, yhy, aha, ach, ah, oh, no, no tak, ok, okej, okay, tak, dobrze, dobra,
    jasne, rozumiem, rozumie się, właśnie, zgadza się, pewnie, oczywiście, racja, w porządku, świetnie,
    super, no dobrze, a tak, no jasne, dokładnie, wiem, słucham`,
  tr: `hm, hmm, hı hı, hıhı, hı, mhm, mm, ha, haa, aha, ah, ok, okey, okay, evet, he, tamam, peki, olur,
    anladım, anlıyorum, tabii, tabi, tabii ki, elbette, doğru, aynen, güzel, iyi, çok iyi, öyle,
    tamamdır, peki tamam, evet evet, kesinlikle, harika, süper`,
  ru: `угу, ага, мгм, мм, м, хм, гм, эм, а, ах, о, ой, ну, да, ну да, так, так так, вот, хорошо, понятно,
    понял, поняла, понимаю, ясно, ладно, окей, ок, конечно, точно, верно, правильно, отлично,
    всё понятно, все понятно, всё ясно, все ясно, да да, именно, договорились`,
  uk: `угу, ага, мгм, мм, м, хм, гм, а, ах, о, ой, ну, так, ну так, так так, ось, еге, добре, зрозуміло,
    зрозумів, зрозуміла, розумію, ясно, гаразд, окей, ок, звичайно, авжеж, точно, вірно, правильно,
    чудово, все зрозуміло, саме так, домовились, звісно, да`,
};

/** What people say when they pick up: into the bot's greeting it asks for nothing. */
const GREETINGS: Readonly<Record<LanguageCode, string>> = {
  en: `hello, hi, hey, good morning, good afternoon, good evening, good day, speaking`,
  de: `hallo, guten tag, guten morgen, guten abend, grüß gott, moin`,
  fr: `allô, allo, bonjour, bonsoir, salut`,
  es: `hola, diga, dígame, buenos días, buenas tardes, buenas noches, buenas`,
  it: `pronto, ciao, salve, buongiorno, buonasera, sì`,
  pt: `alô, está, estou, olá, oi, bom dia, boa tarde, boa noite, sim`,
  nl: `hallo, goedemorgen, goedemiddag, goedenavond, goeiedag, ja`,
  pl: `halo, słucham, cześć, dzień dobry, dobry wieczór, tak`,
  tr: `alo, efendim, merhaba, iyi günler, buyurun, evet`,
  ru: `алло, алё, але, слушаю, привет, здравствуйте, добрый день, доброе утро, добрый вечер`,
  uk: `алло, слухаю, привіт, вітаю, добрий день, добрий вечір, так`,
};

const MOST_WORDS = 3;

/** English ones are said everywhere. */
const known = perLanguage(
  (code): ReadonlySet<string> =>
    new Set([BACKCHANNELS, GREETINGS].flatMap((book) => `${book[code]}, ${book.en}`.split(/,\s+/u))),
);

/** [BI2, BI14] Nothing but sounds of listening or of picking up, any number of them: "mhm", "ok, ok", "yeah, right", "hello?". */
export const isBackchannel = (text: string, language: string): boolean =>
  remembered(`${language}\n${text}`, text, language);

const remembered = remembering((text: string, language: string): boolean => {
  const phrases = known(language);
  let words = wordsOf(text);
  while (words.length > 0) {
    let taken = Math.min(MOST_WORDS, words.length);
    while (taken > 0 && !phrases.has(words.slice(0, taken).join(' '))) taken -= 1;
    if (taken === 0) return false;
    words = words.slice(taken);
  }
  return true;
});

function wordsOf(text: string): string[] {
  return smallLetters(text)
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1$1')
    .split(' ')
    .filter((word) => word !== '');
}
