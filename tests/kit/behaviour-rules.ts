/** Reads the rules of docs/behaviour.md, and where tests and code name them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ID = '[A-Z]{2}\\d+';
const BRACKET = `\\[${ID}(?:\\s*[-–,]\\s*${ID})*\\]`;
/** What makes or describes tests without being one. */
const NO_TEST = new Set(['each', 'for', 'skipIf', 'runIf', 'extend', 'describe', 'suite']);
const HOOK = /^(?:before|after|around|on|set)[A-Z]/u;

export interface RulePage {
  /** In the order of the page, repeated as often as they stand there. */
  rules: string[];
  notShown: string[];
}

export function readRules(markdown: string): RulePage {
  const [page = '', list = ''] = markdown.split(/^## Not shown by a test yet$/mu);
  const ids = (text: string, pattern: string): string[] =>
    [...text.matchAll(new RegExp(pattern, 'gmu'))].map((match) => match[1] ?? '');
  return { rules: ids(page, `^- \\*\\*(${ID})\\*\\* \\S`), notShown: ids(list, `^- (${ID}): \\S`) };
}

/** `[EP1-EP3]` and `[ES1, CL2]` are several. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(new RegExp(BRACKET, 'gu'))].flatMap(([bracket]) =>
    bracket
      .slice(1, -1)
      .split(',')
      .flatMap((part) => range(part.trim())),
  );
}

function range(part: string): string[] {
  const [first = '', last = first] = part.split(/\s*[-–]\s*/u);
  const [from, to] = [Number(first.slice(2)), Number(last.slice(2))];
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, index) => `${first.slice(0, 2)}${from + index}`);
}

export interface NamedTest {
  line: number;
  /** As written, `%s` and `${…}` included; null where it is not written at the test. */
  name: string | null;
}

/** The rules at the very beginning of a name; none where something else comes first. */
export function rulesOf(name: string | null): string[] {
  const head = new RegExp(`^(?:${BRACKET} ?)+`, 'u').exec(name ?? '')?.[0] ?? '';
  return idsIn(head);
}

/** Every `test(…)` and `it(…)` of a file, with `each`, `skipIf` and names given to them (`const inBrowser = test.skipIf(…)`). */
export function testsIn(source: string): NamedTest[] {
  const file = ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest, true);
  const makers = new Set(['test', 'it']);
  const found: NamedTest[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      if (ts.isCallExpression(node.initializer) && makers.has(rootOf(node.initializer))) makers.add(node.name.text);
    if (ts.isCallExpression(node) && makes(node, makers)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      found.push({ line, name: writtenName(node.arguments[0]) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function makes({ expression, parent }: ts.CallExpression, makers: ReadonlySet<string>): boolean {
  if (!makers.has(rootOf(expression)) || ts.isVariableDeclaration(parent)) return false;
  if (!ts.isPropertyAccessExpression(expression)) return true;
  return !NO_TEST.has(expression.name.text) && !HOOK.test(expression.name.text);
}

function rootOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootOf(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return rootOf(node.tag);
  return '';
}

function writtenName(node: ts.Expression | undefined): string | null {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : null;
}

/** The project's own files with one of these endings, relative to its root. */
export function ownFiles(root: string, endings: RegExp): string[] {
  const into = (folder: string): string[] =>
    readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const each = path.join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return into(each);
      return entry.isFile() && endings.test(entry.name) ? [each] : [];
    });
  return into('').sort();
}

export const textOf = (root: string, file: string): string => readFileSync(path.join(root, file), 'utf8');
