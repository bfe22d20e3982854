import { describe, expect, test } from 'vitest';
import { countPart, countsLine, NO_COUNTS, sum } from '../../local/test-counts.ts';
import { PARTS, partsNamed, stagesOf } from '../../local/test-parts.ts';

interface Given {
  passed?: number;
  failed?: number;
  pending?: number;
  todo?: number;
  files?: { status: string; assertionResults: unknown[] }[];
}

const report = ({ passed = 0, failed = 0, pending = 0, todo = 0, files = [] }: Given): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
    testResults: files,
  });

describe('what a part came to', () => {
  test('[QT1] passed, failed and skipped tests are counted; a test to be written counts as skipped', () => {
    expect(countPart({ exitCode: 1, report: report({ passed: 7, failed: 2, pending: 3, todo: 1 }) })).toEqual({
      passed: 7,
      failed: 2,
      skipped: 4,
    });
  });

  test('[QT2] a part that ran no test has failed, also when all of it is skipped', () => {
    expect(countPart({ exitCode: 0, report: report({}) })).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countPart({ exitCode: 0, report: report({ pending: 5 }) })).toEqual({ passed: 0, failed: 1, skipped: 5 });
  });

  test('[QT3] a file that does not load is a failure beside the tests that passed', () => {
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}] },
      { status: 'failed', assertionResults: [{}] },
    ];
    expect(countPart({ exitCode: 1, report: report({ passed: 4, failed: 1, files }) })).toEqual({
      passed: 4,
      failed: 2,
      skipped: 0,
    });
  });

  test('[QT3] an error outside any test is a failure', () => {
    expect(countPart({ exitCode: 1, report: report({ passed: 4 }) })).toEqual({ passed: 4, failed: 1, skipped: 0 });
    expect(countPart({ exitCode: null, report: report({ passed: 4 }) })).toEqual({ passed: 4, failed: 1, skipped: 0 });
  });

  test('[QT3] a run that broke off before or in its report is a failure', () => {
    expect(countPart({ exitCode: 0, report: null }).failed).toBe(1);
    expect(countPart({ exitCode: 0, report: '{"numPassedTests": 4, "testRes' }).failed).toBe(1);
    expect(countPart({ exitCode: 0, report: '{}' }).failed).toBe(1);
  });
});

describe('the closing line', () => {
  test('[QT4] names skipped tests only where there are any', () => {
    expect(countsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(countsLine(sum({ passed: 1, failed: 0, skipped: 2 }, { ...NO_COUNTS, failed: 1 }))).toBe(
      '1 passed, 1 failed, 2 skipped',
    );
  });
});

describe('the parts', () => {
  test('[QT5] run in the order of their cost, however they are named', () => {
    expect(partsNamed([]).map((part) => part.name)).toEqual([
      'form',
      'lint',
      'types',
      'borders',
      'unit',
      'replay',
      'workflow',
      'contract',
      'e2e',
      'chaos',
    ]);
    expect(partsNamed(['chaos', 'unit']).map((part) => part.name)).toEqual(['unit', 'chaos']);
    const onRequest = PARTS.filter((part) => part.kind === 'tests' && part.onlyByName);
    expect(partsNamed([])).toHaveLength(PARTS.length - onRequest.length);
    expect(partsNamed(['long'])).toEqual(onRequest);
  });

  test('[QT5] what has servers and clocks has the machine to itself', () => {
    const { apart, alone } = stagesOf(partsNamed([]));
    expect(apart.map(({ name }) => name)).toEqual(['form', 'lint', 'types', 'borders', 'unit', 'replay']);
    expect(alone.map(({ name }) => name)).toEqual(['workflow', 'contract', 'e2e', 'chaos']);
  });

  test('[QT5] a word that names no part is refused', () => {
    expect(() => partsNamed(['unit', 'units'])).toThrow('there is no part "units"; parts: form, lint');
  });
});
