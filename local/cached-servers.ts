/** Which servers a start would find ready, without getting any. */
import { mongoIsCached } from './mongo.ts';
import { temporalIsCached } from './temporal.ts';

export async function cachedServers(env: NodeJS.ProcessEnv): Promise<{ temporal: boolean; mongo: boolean }> {
  return { temporal: temporalIsCached(env), mongo: await mongoIsCached(env) };
}
