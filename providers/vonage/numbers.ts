import { asE164, type E164 } from '../../domain/ids.ts';

/** Vonage writes numbers without a plus. Null = withheld, or no number at all (a SIP user, `anonymous`). */
export function e164From(text: string | null | undefined): E164 | null {
  const digits = (text ?? '').replace(/^\+/, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? asE164(`+${digits}`) : null;
}

export const withoutPlus = (number: string): string => number.replace(/^\+/, '');
