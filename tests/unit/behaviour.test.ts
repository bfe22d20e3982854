/** docs/behaviour.md against what the tests show and the comments name. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { idsIn, ownFiles, readRules, rulesOf, testsIn, textOf } from '../kit/behaviour-rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readRules(textOf(root, 'docs/behaviour.md'));
const known = new Set(page.rules);
const tests = ownFiles(root, /\.ts$/u)
  .filter((file) => file.startsWith(`tests${path.sep}`))
  .flatMap((file) => testsIn(textOf(root, file)).map((each) => ({ at: `${file}:${each.line}`, name: each.name })));
const shown = new Set(tests.flatMap(({ name }) => rulesOf(name)));

describe('the page of rules', () => {
  test('[QT7] has each rule once', () => {
    expect(page.rules.length).toBeGreaterThan(100);
    expect(page.rules.filter((id, index) => page.rules.indexOf(id) !== index)).toEqual([]);
  });

  test('[QT7] has every rule that a test’s name begins with, and every name begins with one', () => {
    expect(tests.length).toBeGreaterThan(100);
    const wrong = tests.filter(({ name }) => {
      const rules = rulesOf(name);
      return rules.length === 0 || !rules.every((id) => known.has(id));
    });
    expect(wrong).toEqual([]);
  });

  test('[QT7] has every rule that a file names in brackets', () => {
    const unknown = ownFiles(root, /\.(?:ts|mjs|js|md|ya?ml|html|css|sh)$|^Dockerfile$/u)
      .filter((file) => path.join(root, file) !== import.meta.filename)
      .flatMap((file) => idsIn(textOf(root, file)).map((id) => ({ file, id })))
      .filter(({ id }) => !known.has(id));
    expect(unknown).toEqual([]);
  });

  test('[QT8] lists as not shown exactly the rules that no test shows', () => {
    expect([...page.notShown].sort()).toEqual(page.rules.filter((id) => !shown.has(id)).sort());
  });
});

describe('reading rules and names', () => {
  test('[QT7] a rule is a line of the page; the list of those not shown is another', () => {
    const text =
      '- **AB1** One.\n- **AB1** Again.\nAB2 in passing\n\n## Not shown by a test yet\n\n- AB1: not tried.\n';
    expect(readRules(text)).toEqual({ rules: ['AB1', 'AB1'], notShown: ['AB1'] });
  });

  test.each([
    ['[AB1] is one', ['AB1']],
    ['[AB1] [CD2] are two', ['AB1', 'CD2']],
    ['[AB1-AB3, CD2] are four', ['AB1', 'AB2', 'AB3', 'CD2']],
    ['late [AB1]', []],
    ['[AB] is none', []],
    ['%s', []],
  ])('[QT7] “%s” begins with %j', (name, rules) => {
    expect(rulesOf(name)).toEqual(rules);
  });

  test.each([
    [`test('a', () => {})`, ['a']],
    [`test.each([1])('a %s', () => {})`, ['a %s']],
    ['test.each`x`("a", () => {})', ['a']],
    [`const slow = test.skipIf(no); slow('a', () => {}); it.only('b', () => {})`, ['a', 'b']],
    ['test(`[AB1] ${x}`, () => {})', ['[AB1] ${x}']],
    [`test(nameOf(x), () => {})`, [null]],
    [`describe('a', () => { test.beforeEach(() => {}); /x/.test('y'); pattern.test('z') })`, []],
  ])('[QT7] the tests of %s are found', (source, names) => {
    expect(testsIn(source).map(({ name }) => name)).toEqual(names);
  });
});
