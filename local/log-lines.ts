/** Which lines of a process's log a person at the terminal should see. */
const WARN = 40;
const LEVEL_WORDS: Readonly<Record<string, number>> = { warn: 40, warning: 40, error: 50, fatal: 60 };

interface LogRecord {
  level?: number | string;
  msg?: string;
  important?: boolean;
  err?: { message?: string };
  error?: string;
}

/** `undefined` for a line that belongs into the file only. Personal data stays there: only message and error are shown. */
export function importantPart(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  let record: LogRecord;
  try {
    record = JSON.parse(line) as LogRecord;
  } catch {
    return undefined;
  }
  const level = typeof record.level === 'string' ? (LEVEL_WORDS[record.level.toLowerCase()] ?? 0) : (record.level ?? 0);
  if (level < WARN && record.important !== true) return undefined;
  const reason = record.err?.message ?? record.error;
  return [record.msg, reason].filter(Boolean).join(': ') || undefined;
}
