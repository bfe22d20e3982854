/** Does the customer ask for a person, or say something that a person has to deal with? By configurable phrases. */
import { languageCode, type LanguageCode } from './languages.ts';
import { madeOnce } from './remembering.ts';

/**
 * Phrases by language code; `*` holds for every language. A phrase is whole words; `*` at a word's end admits any
 * ending (`refund*`). Cyrillic words take their grammatical endings without it.
 */
export type EscalationPhrases = Readonly<Record<string, readonly string[]>>;

export const ESCALATION_PHRASES: EscalationPhrases = {
  en: [
    'operator',
    'human',
    'human being',
    'real person',
    'live person',
    'representative',
    'speak to a person',
    'speak to someone',
    'talk to someone',
    'talk to a person',
    'connect me',
    'put me through',
    'transfer me',
    'a colleague',
    'your colleague',
    'your manager',
    'to a manager',
    'the manager',
    'a supervisor',
    'your supervisor',
    'to complain',
    'complain about',
    'complaint*',
    'refund*',
    'money back',
    'to court',
    'in court',
    'the court',
    'my lawyer',
    'a lawyer',
    'sue you',
    'suing you',
    'legal action',
  ],
  de: [
    'operator',
    'einen menschen',
    'einem menschen',
    'echter mensch',
    'echten menschen',
    'echte person',
    'echten person',
    'einen mitarbeiter',
    'einem mitarbeiter',
    'einer mitarbeiterin',
    'ihren kollegen',
    'einen berater',
    'einem berater',
    'verbinden sie mich',
    'stellen sie mich durch',
    'mit jemandem sprechen',
    'vorgesetzte*',
    'beschwerde*',
    'beschweren',
    'reklamation*',
    'rückerstattung',
    'erstattung',
    'geld zurück',
    'vor gericht',
    'zum gericht',
    'anwalt',
    'klage einreichen',
    'verklage*',
  ],
  fr: [
    'opérateur',
    'conseiller',
    'conseillère',
    'un humain',
    'être humain',
    'vraie personne',
    'parler à quelqu’un',
    "parler à quelqu'un",
    'passez-moi',
    'votre responsable',
    'un responsable',
    'le responsable',
    'réclamation*',
    'plainte',
    'me plaindre',
    'remboursement*',
    'rembourse*',
    'tribunal',
    'mon avocat',
  ],
  es: [
    'operador',
    'operadora',
    'humano',
    'persona real',
    'hablar con una persona',
    'hablar con alguien',
    'páseme',
    'páseme con',
    'supervisor',
    'encargado',
    'queja*',
    'reclamación',
    'reclamar',
    'reembolso*',
    'devolución del dinero',
    'tribunal*',
    'juzgado',
    'abogado',
  ],
  it: [
    'operatore',
    'operatrice',
    'umano',
    'persona vera',
    'persona reale',
    'parlare con qualcuno',
    'mi passi',
    'un responsabile',
    'il responsabile',
    'reclamo',
    'rimborso*',
    'tribunale',
    'avvocato',
  ],
  pt: [
    'operador',
    'operadora',
    'atendente',
    'humano',
    'pessoa real',
    'falar com alguém',
    'falar com uma pessoa',
    'passe-me',
    'supervisor',
    'reclamação',
    'queixa',
    'reembolso*',
    'tribunal',
    'advogado',
  ],
  nl: [
    'een medewerker',
    'een mens',
    'echt persoon',
    'echte persoon',
    'verbind me door',
    'doorverbinden',
    'iemand spreken',
    'leidinggevende',
    'klacht*',
    'terugbetaling',
    'geld terug',
    'rechtbank',
    'advocaat',
  ],
  pl: [
    'operator*',
    'konsultant*',
    'człowiek*',
    'żywą osobą',
    'proszę połączyć',
    'połącz mnie',
    'kierownik*',
    'reklamacj*',
    'skarg*',
    'zwrot pieniędzy',
    'zwrotu pieniędzy',
    'sąd',
    'sądu',
    'adwokat*',
  ],
  tr: [
    'operatör*',
    'temsilci*',
    'gerçek bir insan*',
    'yetkili*',
    'bağlayın',
    'bağlar mısınız',
    'şikayet*',
    'şikâyet*',
    'iade*',
    'paramı geri',
    'mahkeme*',
    'avukat*',
  ],
  ru: [
    'оператор',
    'живой человек',
    'с человеком',
    'с сотрудником',
    'со специалистом',
    'с менеджером',
    'менеджера',
    'ваш начальник',
    'с начальником',
    'руководством',
    'соедините',
    'соедини',
    'переключите',
    'переведите на',
    'позовите',
    'жалоба',
    'жаловаться',
    'пожаловаться',
    'претензия',
    'возврат',
    'верните деньги',
    'вернуть деньги',
    'суд',
    'мой адвокат',
    'мой юрист',
  ],
  uk: [
    'оператор',
    'жива людина',
    'з людиною',
    'зі спеціалістом',
    'з менеджером',
    'ваш керівник',
    'з керівником',
    'з’єднайте',
    "з'єднайте",
    'переключіть',
    'покличте',
    'скарга',
    'поскаржитися',
    'скаржитися',
    'претензія',
    'повернення',
    'поверніть гроші',
    'суд',
    'адвокат',
    'юрист',
  ],
};

/** Endings that Russian and Ukrainian nouns, adjectives and participles take; `суд` meets `суда`, never `судьба`. */
const CYRILLIC_ENDING =
  '(?:а|я|у|ю|е|є|и|і|ы|о|й|ь|ом|ем|єм|ой|ей|єю|ею|ою|ов|ев|ів|ам|ям|ами|ями|ах|ях|ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ых|их|ими|ыми|ую|юю|ия|ию|ии|ией|иями|иях|ві)?';

/** Said right before the phrase, so that it is not wanted: "no", "without a". */
const DIRECT_NEGATION =
  /(?<!\p{L})(no|not|without|don['’]?t|do not|never|no need for|kein\w*|nicht|ohne|pas d['’e]\s?|pas|sans|sin|senza|sem|não|geen|niet|zonder|bez|nie|не|без|нет|ні|немає)(\s+(?:a|an|the|any|your|my|ein\w*|de|d['’]|un|una|uno|um|uma|een|к|на|с|с вашим|жодного))?\s*$/iu;
/** A negated wish somewhat before it: "I don't need to talk to an". */
const NEGATED_WISH =
  /(?<!\p{L})(?:(?:don['’]?t|do not|doesn['’]?t|didn['’]?t|no longer|not)\s+(?:\w+\s+)?(?:want\w*|need\w*|wish|ask\w*|like|require|speak\w*|talk\w*|looking|file|making|make|call\w*)|(?:no need|not necessary)|(?:brauche|möchte|will|wollte|suche)\s+(?:\p{L}+\s+)?(?:kein\w*|nicht)|n['’e]\s?(?:ai|veux|souhaite|demande)\s*(?:pas)?|no\s+(?:quiero|necesito|busco|deseo)|non\s+(?:voglio|ho bisogno|mi serve|cerco)|não\s+(?:quero|preciso)|(?:wil|hoef)\s+(?:geen|niet)|nie\s+(?:chcę|potrzebuję)|не\s+(?:\p{L}+\s+)?(?:хочу|хотел\p{L}*|надо|нужно|нужен|нужна|нужны|буду|собираюсь|прошу|требую|потрібно|потрібен|треба|хочу))[^,.;!?]{0,40}$/iu;
/** Said right after it: "an operator is not needed". */
const LATER_NEGATION =
  /^[\s,]*(?:(?:is|are)(?:n['’]?t| not) (?:needed|necessary|required)|won['’]?t be necessary|brauche ich nicht|(?:ist|wäre) nicht nötig|no hace falta|non serve|não é preciso|is niet nodig|nie jest potrzebn\p{L}*|istemiyorum|gerek yok|gerekmiyor|(?:мне\s+|мені\s+)?не\s+(?:нужен|нужна|нужно|нужны|надо|требуется|треба|потрібен|потрібно|потрібна))/iu;

/** The phrase that asks for a person, as configured; null = the bot may go on. A negated phrase does not count. */
export function escalationReason(
  utterance: string,
  language: string,
  phrases: EscalationPhrases = ESCALATION_PHRASES,
): string | null {
  const code: LanguageCode = languageCode(language) ?? 'en';
  const candidates = [...(phrases[code] ?? []), ...(phrases['*'] ?? [])];
  const spoken = utterance.toLowerCase().replace(/ё/g, 'е');
  for (const candidate of candidates) {
    for (const match of spoken.matchAll(phrasePattern(candidate))) {
      const before = spoken.slice(0, match.index);
      const after = spoken.slice(match.index + match[0].length);
      if (!isNegated(before, after)) return candidate.replace(/\*/g, '');
    }
  }
  return null;
}

function isNegated(before: string, after: string): boolean {
  return DIRECT_NEGATION.test(before) || NEGATED_WISH.test(before) || LATER_NEGATION.test(after);
}

/** Each of some hundred phrases is looked for in each utterance. */
const phrasePattern = madeOnce((phrase: string): RegExp => {
  const words = phrase.trim().toLowerCase().replace(/ё/g, 'е').split(/\s+/);
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.map(wordPattern).join('\\s+')}(?![\\p{L}\\p{N}])`, 'gu');
});

function wordPattern(word: string): string {
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (word.endsWith('*')) return `${escaped(word.slice(0, -1))}\\p{L}*`;
  // Prepositions and the like stand still; a verb in the imperative takes -те.
  if (!/^[а-яєіїґ]{3,}$/u.test(word)) return escaped(word);
  const stem = word.length > 3 ? word.replace(/(?:ый|ий|ой|ая|ия|ие|[аяоеиыуюьй])$/u, '') : word;
  return `${escaped(stem)}(?:те|ите|йте|ть|ться|тися)?${CYRILLIC_ENDING}`;
}
