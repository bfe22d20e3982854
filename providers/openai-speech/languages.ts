/** Languages as Whisper names them: two letters, in a few cases other ones than ours. */

const OTHERWISE: Readonly<Record<string, string>> = { cmn: 'zh', nb: 'no', fil: 'tl', iw: 'he' };

/** `en-US` → `en`. */
export function whisperLanguage(tag: string): string {
  const [language = ''] = tag.replaceAll('_', '-').toLowerCase().split('-');
  return OTHERWISE[language] ?? language;
}

/** What the server says it heard (`en`, or `english`), in the tag that was asked for; null = another language. */
export function heardLanguage(told: string | undefined, asked: string): string | null {
  const code = whisperLanguage(asked);
  if (told === undefined || told === '') return asked;
  const said = told.toLowerCase();
  return said === code || said === nameOf(code) ? asked : null;
}

function nameOf(code: string): string | null {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code)?.toLowerCase() ?? null;
  } catch {
    return null;
  }
}

/** [ST110] The setting for `en-GB`, for `en`, or for every language (`*`). */
export function byLanguage(settings: Readonly<Record<string, string>>, tag: string): string | null {
  const wanted = tag.replaceAll('_', '-').toLowerCase();
  const found = (name: string): string | undefined =>
    Object.entries(settings).find(([key]) => key.replaceAll('_', '-').toLowerCase() === name)?.[1];
  return found(wanted) ?? found(wanted.split('-')[0] ?? wanted) ?? settings['*'] ?? null;
}
