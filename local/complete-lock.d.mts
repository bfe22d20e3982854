export interface Lock {
  packages: Record<string, { version?: string; dev?: boolean; optionalDependencies?: Record<string, string> }>;
}
export function missingPlatforms(lock: Lock): { name: string; wanted: string; dev: boolean }[];
export function completed(lock: Lock): Lock;
