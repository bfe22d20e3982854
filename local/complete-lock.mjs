// A registry that carries only some platforms lets npm leave the others out of package-lock.json, and `npm ci` then refuses
// that lock everywhere. Run after adding a package (`node local/complete-lock.mjs`): it adds what a package of the lock
// names as optional for other platforms. Those name exact versions; npm verifies what it downloads of them by the registry.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SYSTEMS = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony', 'sunos', 'aix', 'openbsd', 'netbsd'];
const LOCK = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../package-lock.json');

/** As Node looks for it: in the package's own folder, then outwards. */
function isThere(packages, place, name) {
  for (let at = place; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

/** Platform packages are named for what they are for: `…-darwin-arm64`, `…-linux-x64-musl`. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const at = words.findIndex((word) => SYSTEMS.includes(word));
  return at < 0 || words[at + 1] === undefined ? {} : { os: [words[at]], cpu: [words[at + 1]] };
}

export function missingPlatforms(lock) {
  return Object.entries(lock.packages).flatMap(([place, holder]) =>
    Object.entries(holder.optionalDependencies ?? {})
      .filter(([name]) => !isThere(lock.packages, place, name))
      .map(([name, wanted]) => ({ name, wanted, dev: holder.dev === true })),
  );
}

export function completed(lock) {
  const added = missingPlatforms(lock).map(({ name, wanted, dev }) => {
    if (!/^\d+\.\d+\.\d+/.test(wanted))
      throw new Error(`${name}: "${wanted}" is not one version; add its entry by hand`);
    const { os, cpu } = platformOf(name);
    return [`node_modules/${name}`, { version: wanted, cpu, ...(dev ? { dev } : {}), optional: true, os }];
  });
  const { '': root, ...rest } = lock.packages;
  const sorted = Object.entries({ ...rest, ...Object.fromEntries(added) }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: { '': root, ...Object.fromEntries(sorted) } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(LOCK, 'utf8'));
  writeFileSync(LOCK, `${JSON.stringify(completed(lock), null, 2)}\n`);
}
