/** Which handset stands behind which number: a person's softphone first, then what was defined, then the scenario for everyone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Handset } from './handset.ts';
import { scriptSchema, type Script } from './script.ts';

export class PhoneBook {
  readonly #softphones = new Map<string, Handset>();
  readonly #defined = new Map<string, Handset>();
  #everyone: Handset | undefined;

  find(number: string): Handset | undefined {
    return this.#softphones.get(number) ?? this.#defined.get(number) ?? this.#everyone;
  }

  define(numbers: readonly string[], handset: Handset): void {
    for (const number of numbers) {
      if (number === '*') this.#everyone = handset;
      else this.#defined.set(number, handset);
    }
  }

  /** A browser takes the number over until it leaves. */
  lend(number: string, softphone: Handset): () => void {
    this.#softphones.set(number, softphone);
    return () => {
      if (this.#softphones.get(number) === softphone) this.#softphones.delete(number);
    };
  }

  numbers(): string[] {
    return [...new Set([...this.#softphones.keys(), ...this.#defined.keys()])];
  }
}

/** One file, one script or a list of them; the scenario's id is the file's name, or `file/name` within a list. */
export function readScenarios(folder: string): Map<string, Script> {
  const scenarios = new Map<string, Script>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const id = file.replace(/\.yaml$/u, '');
    const content: unknown = parse(readFileSync(join(folder, file), 'utf8'));
    const several = Array.isArray(content);
    for (const one of several ? content : [content]) {
      const parsed = scriptSchema.safeParse(one);
      if (!parsed.success) {
        const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
        throw new Error(`${file}: ${where}`);
      }
      scenarios.set(several ? `${id}/${parsed.data.name}` : id, parsed.data);
    }
  }
  return scenarios;
}
