/** Which field is meant: by its kind, by what people call it. */
import type { ClaimField } from '../../domain/claim.ts';
import { isNameField } from '../../domain/read-back.ts';
import { bookOf, type RulesBook } from './book.ts';

/** Does the text name the field: by its label, or by all words of its name? */
export function mentions(text: string, field: ClaimField, book: RulesBook): boolean {
  const lower = text.toLowerCase();
  const key = labelKey(field);
  const label = key === null ? undefined : book.labels[key]?.toLowerCase();
  if (label !== undefined && lower.includes(label)) return true;
  const words = field.name
    .toLowerCase()
    .split('_')
    .filter((word) => word.length > 2 && word !== 'caller');
  return words.length > 0 && words.every((word) => lower.includes(word));
}

/** Which of the book's labels fits: the whole name, else its last word (`caller_email`, `delivery_address`). */
export function labelKey(field: ClaimField): string | null {
  const name = field.name.toLowerCase();
  const known = bookOf('en').labels;
  if (known[name] !== undefined) return name;
  if (isNameField(field)) return 'name';
  if (field.type === 'email') return 'email';
  if (field.type === 'phone_number') return 'phone';
  const last = name.split('_').at(-1) ?? '';
  return ['address', 'location', 'city', 'problem', 'reason'].includes(last) ? last : null;
}
