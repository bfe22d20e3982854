import path from 'node:path';
import { Refusal } from './refusal.ts';

/** Reads `.env` beside the program, if there is one; what is set already stays. */
export function loadDotEnv(root: string): void {
  try {
    process.loadEnvFile(path.join(root, '.env'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new Refusal(`.env cannot be read: ${String(error)}`);
  }
}
