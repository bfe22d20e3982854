/** What the doctor says: one line a finding, with what to do where something is to be done. */
export type Level = 'OK' | 'WARN' | 'FAIL';

export interface Finding {
  level: Level;
  subject: string;
  says: string;
  remedy?: string;
}

export const ok = (subject: string, says: string): Finding => ({ level: 'OK', subject, says });
export const warn = (subject: string, says: string, remedy: string): Finding => ({
  level: 'WARN',
  subject,
  says,
  remedy,
});
export const fail = (subject: string, says: string, remedy: string): Finding => ({
  level: 'FAIL',
  subject,
  says,
  remedy,
});

const SUBJECT_WIDTH = 16;

export function findingLines(finding: Finding): string[] {
  const head = `${finding.level.padEnd(4)}  ${finding.subject.padEnd(SUBJECT_WIDTH)}  ${finding.says}`;
  return finding.remedy === undefined ? [head] : [head, `${' '.repeat(SUBJECT_WIDTH + 8)}→ ${finding.remedy}`];
}

export function summary(findings: readonly Finding[]): string {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  return `${String(count('OK'))} OK, ${String(count('WARN'))} WARN, ${String(count('FAIL'))} FAIL`;
}

/** A look that goes wrong in a way nobody foresaw is a finding too, and must not hide the others. */
export async function looked(subject: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [fail(subject, reason(error), 'See the message; if it does not tell, look at the address and the network.')];
  }
}

export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`.split('\n')[0]?.slice(0, 200) ?? '';
}
