/** `npm run bench`: measures with the equipment in tests/bench, which a deployed image does not carry. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const equipment = path.resolve(import.meta.dirname, '../tests/bench/main.ts');

if (existsSync(equipment)) {
  await import(pathToFileURL(equipment).href);
} else {
  process.stderr.write('bench: tests/bench is not here; run it in a checkout of the repository\n');
  process.exit(1);
}
