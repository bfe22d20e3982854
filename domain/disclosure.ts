/** What the law wants said at the beginning of a call that a machine makes: by country from the configuration, else the shipped sentence. */
import { languageCode, type LanguageCode } from './languages.ts';

/** Two-letter language → sentence. */
export type Sentences = Readonly<Record<string, string>>;

export interface CountryPhrases {
  /** That a machine speaks. Null = the shipped sentence; an empty text = none. */
  aiDisclosure: Sentences | null;
  /** What the customer is asked or told about consent and recording; none is shipped. */
  consent: Sentences | null;
}

const AI_DISCLOSURE: Record<LanguageCode, string> = {
  en: 'This is an automated call made by an AI assistant.',
  de: 'Dies ist ein automatischer Anruf eines KI-Assistenten.',
  fr: 'Ceci est un appel automatique d’un assistant fondé sur l’intelligence artificielle.',
  es: 'Esta es una llamada automática de un asistente de inteligencia artificial.',
  it: 'Questa è una chiamata automatica di un assistente di intelligenza artificiale.',
  pt: 'Esta é uma chamada automática de um assistente de inteligência artificial.',
  nl: 'Dit is een automatisch telefoontje van een AI-assistent.',
  pl: 'To jest automatyczne połączenie od asystenta opartego na sztucznej inteligencji.',
  tr: 'Bu, bir yapay zekâ asistanının yaptığı otomatik bir aramadır.',
  ru: 'Это автоматический звонок, с вами говорит ИИ-помощник.',
  uk: 'Це автоматичний дзвінок, з вами говорить ШІ-помічник.',
};

/** [CG8] Null = nothing is to be said. */
export function disclosureFor(
  { country, language }: { country: string | null; language: string },
  configured: Readonly<Record<string, CountryPhrases>>,
): string | null {
  const phrases = configured[country ?? 'default'] ?? configured['default'];
  const code = languageCode(language) ?? 'en';
  const said = [
    phrases?.aiDisclosure?.[code] ?? phrases?.aiDisclosure?.['en'] ?? AI_DISCLOSURE[code],
    phrases?.consent?.[code] ?? phrases?.consent?.['en'] ?? '',
  ].filter((sentence) => sentence !== '');
  return said.length === 0 ? null : said.join(' ');
}

/** Before the greeting's closing question, so that the customer answers that one. */
export function withDisclosure(greeting: string, disclosure: string): string {
  const [question] = /[^.!?]+\?\s*$/u.exec(greeting) ?? [];
  if (question === undefined) return `${greeting} ${disclosure}`;
  const before = greeting.slice(0, greeting.length - question.length).trimEnd();
  return [before, disclosure, question.trim()].filter((part) => part !== '').join(' ');
}
