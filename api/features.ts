/** `/feature`: the live switches. A change is in force everywhere within half a minute; zero and false are values. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { FLAG_NAMES, FLAGS, flagProblem, type FlagName, type FlagValues } from '../domain/flags.ts';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { ProblemError, problems, unavailable, validationHook } from './problems.ts';

const WRITE_MS = 3_000;

const describedValue = (name: FlagName) => {
  const spec: { default: boolean | number; min?: number; max?: number; whole?: boolean; what: string } = FLAGS[name];
  const shown = { description: spec.what, example: spec.default };
  return typeof spec.default === 'boolean'
    ? z.boolean().openapi(shown)
    : z.number().openapi({
        ...shown,
        type: spec.whole === true ? 'integer' : 'number',
        ...(spec.min === undefined ? {} : { minimum: spec.min }),
        ...(spec.max === undefined ? {} : { maximum: spec.max }),
      });
};
const values = z.object(Object.fromEntries(FLAG_NAMES.map((name) => [name, describedValue(name)]))).openapi('Features');
/** Checked by the domain's own rules, so that a problem names the flag and its bounds. */
const change = z
  .record(z.string(), z.unknown())
  .openapi('FeatureChange', { example: { vad_silence_timeout_ms: 400, recording_enabled: false } });

const getFeatures = createRoute({
  method: 'get',
  path: '/feature',
  summary: 'The switches in force',
  tags: ['Features'],
  responses: {
    200: { description: 'All switches', content: { 'application/json': { schema: values } } },
    ...problems(401),
  },
});
const patchFeatures = createRoute({
  method: 'patch',
  path: '/feature',
  summary: 'Change switches',
  tags: ['Features'],
  request: { body: { required: true, content: { 'application/json': { schema: change } } } },
  responses: {
    200: { description: 'All switches', content: { 'application/json': { schema: values } } },
    ...problems(400, 401, 422, 503),
  },
});

export function featureRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const shown = (flags: FlagValues): Record<string, boolean | number> => ({ ...flags });

  router.openapi(getFeatures, async (context) => {
    const fresh = await inTime('store', WRITE_MS, ports.flags.refresh()).catch((error: unknown) => {
      ports.log.warn({ err: error }, 'flags not read; showing the last known ones');
      return ports.flags.current();
    });
    return context.json(shown(fresh), 200);
  });
  router.openapi(patchFeatures, async (context) => {
    const changed = checked(context.req.valid('json'));
    try {
      await inTime('store', WRITE_MS, ports.store.writeFlags(changed));
      return context.json(shown(await inTime('store', WRITE_MS, ports.flags.refresh())), 200);
    } catch (error) {
      ports.log.warn({ err: error }, 'flags not written');
      throw unavailable('The store');
    }
  });
  return router;
}

function checked(body: Record<string, unknown>): Partial<FlagValues> {
  const errors = Object.entries(body).flatMap(([name, value]) => {
    const reason = isFlag(name)
      ? flagProblem(name, value)
      : `there is no such switch; there are ${FLAG_NAMES.join(', ')}`;
    return reason === null ? [] : [{ field: name, reason }];
  });
  const [first] = errors;
  if (first !== undefined)
    throw new ProblemError({
      status: 422,
      title: 'Request not valid',
      detail: `${first.field}: ${first.reason}`,
      errors,
    });
  return body;
}

const isFlag = (name: string): name is FlagName => (FLAG_NAMES as string[]).includes(name);
