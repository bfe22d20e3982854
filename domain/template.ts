/** `{{first_name}}` in a campaign's texts, filled from a contact's variables. */
const PLACE = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu;

export const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(PLACE)].map((match) => match[1] ?? '')),
];

/** [CG9] An unknown variable leaves nothing behind, not even its spaces. */
export function fillTemplate(text: string, variables: Readonly<Record<string, string>>): string {
  return text
    .replace(PLACE, (_, name: string) => (Object.hasOwn(variables, name) ? (variables[name] ?? '') : ''))
    .replace(/[^\S\n]{2,}/g, ' ')
    .replace(/[^\S\n]+([,.!?])/g, '$1')
    .trim();
}
