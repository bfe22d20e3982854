/** Secrets that the processes share, made once and kept in the data folder for its owner's eyes only. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './refusal.ts';
import type { VonageIdentity } from './vendors.ts';

export interface LocalSecrets extends VonageIdentity {
  mediaTokenSecret: string;
  reportLinkSecret: string;
}

function freshSecrets(): LocalSecrets {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    mediaTokenSecret: randomBytes(32).toString('hex'),
    reportLinkSecret: randomBytes(32).toString('hex'),
    signatureSecret: randomBytes(32).toString('hex'),
    applicationId: randomUUID(),
    privateKey,
  };
}

export function keptSecrets(dataDir: string): LocalSecrets {
  const file = path.join(dataDir, 'secrets.json');
  const kept = readKept(file);
  const fresh = { ...(isComplete(kept) ? undefined : freshSecrets()), ...kept } as LocalSecrets;
  if (!isComplete(kept)) {
    const partial = `${file}.${String(process.pid)}`;
    writeFileSync(partial, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
    renameSync(partial, file);
  }
  // Someone's copy or an archive may have widened it.
  chmodSync(file, 0o600);
  return fresh;
}

function readKept(file: string): Partial<LocalSecrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalSecrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Refusal(`${file} cannot be read: mend or remove it; it is made anew then.`, { cause: error });
  }
}

function isComplete(kept: Partial<LocalSecrets>): kept is LocalSecrets {
  const needed: (keyof LocalSecrets)[] = [
    'mediaTokenSecret',
    'reportLinkSecret',
    'signatureSecret',
    'applicationId',
    'privateKey',
  ];
  return needed.every((name) => Boolean(kept[name]));
}
