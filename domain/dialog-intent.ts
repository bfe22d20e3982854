/** A first guess at what the customer wants, from words alone; the model refines it. */

export interface IntentGuess {
  intent: string;
  /** 0–1. */
  confidence: number;
}

const INTENTS: readonly { intent: string; words: readonly RegExp[] }[] = [
  {
    intent: 'order_status',
    words: [
      /\bwhere('?s| is) my\b/,
      /\border status\b/,
      /\bdelivery\b/,
      /\btrack/,
      /где (мой|моя|моё) /,
      /статус заказа/,
      /доставк/,
    ],
  },
  {
    intent: 'change_address',
    words: [/\bchange\b.*\baddress\b/, /\bmov(ed|ing)\b/, /\bnew address\b/, /смен\S* адрес/, /новый адрес/],
  },
  { intent: 'cancel_order', words: [/\bcancel/, /отмен/] },
  { intent: 'booking', words: [/\bbook(ing)?\b/, /\bappointment\b/, /\breserv/, /\bschedule\b/, /записа/, /заброн/] },
  { intent: 'complaint', words: [/\bcomplain/, /\brefund\b/, /\bunacceptable\b/, /\bdamaged?\b/, /жалоб/, /возврат/] },
  {
    intent: 'technical_issue',
    words: [/\b(does ?n.t|not) work/, /\bbroken\b/, /\berror\b/, /\bleak/, /не работает/, /сломал/, /ошибк/],
  },
  { intent: 'account_balance', words: [/\bbalance\b/, /\binvoice\b/, /\bbill\b/, /баланс/, /счёт|счет/] },
  {
    intent: 'product_faq',
    words: [
      /\bhow much\b/,
      /\bprice\b/,
      /\bopening hours\b/,
      /\bdo you (have|sell|offer)\b/,
      /сколько стоит/,
      /часы работы/,
    ],
  },
  { intent: 'callback', words: [/\bcall (me )?back\b/, /\bring me\b/, /перезвон/] },
];

/** Two signs of one intent say more than one; nothing found in a longer sentence is `other`. */
export function guessIntent(utterance: string): IntentGuess | null {
  const text = utterance.toLowerCase();
  const found = INTENTS.map(({ intent, words }) => ({ intent, hits: words.filter((word) => word.test(text)).length }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits);
  const [best, second] = found;
  if (best !== undefined) {
    const rivals = second?.hits ?? 0;
    return {
      intent: best.intent,
      confidence: Math.min(0.95, 0.6 + 0.15 * best.hits - 0.2 * Math.min(rivals, best.hits)),
    };
  }
  return text.split(/\s+/).length >= 6 ? { intent: 'other', confidence: 0.3 } : null;
}

/** A surer guess replaces the one that stands. */
export function betterIntent(
  standing: { intent: string | null; confidence: number | null },
  guess: IntentGuess | null,
): boolean {
  return guess !== null && (standing.intent === null || guess.confidence > (standing.confidence ?? 0));
}
