/** Errors as RFC 9457 problem+json: what is wrong, which field, what to do. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CallDoorError } from './call-door.ts';

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
    call_id: z.string().optional(),
    reason: z.string().optional().openapi({ example: 'opted_out' }),
  })
  .openapi('Problem');

export interface Problem {
  status: ContentfulStatusCode;
  title: string;
  detail: string;
  errors?: { field: string; reason: string }[];
  call_id?: string;
  reason?: string;
  retryAfterS?: number;
}

/** Thrown where a handler cannot go on; answered in one place. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export function problemResponse(problem: Problem): Response {
  const { retryAfterS, ...body } = problem;
  return new Response(JSON.stringify({ type: 'about:blank', ...body }), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    },
  });
}

export const notFound = (what: string): ProblemError =>
  new ProblemError({ status: 404, title: 'Not found', detail: what });

export const refused = (detail: string): ProblemError => new ProblemError({ status: 409, title: 'Refused', detail });

/** What a workflow answers; where it has ended, or has not begun, the order is refused by how its record stands. */
export async function orRefused<Answer>(order: Promise<Answer>, standing: () => Promise<string>): Promise<Answer> {
  try {
    return await order;
  } catch (error) {
    if (!(error instanceof CallDoorError) || error.kind !== 'not_found') throw error;
    throw refused(await standing());
  }
}

export const unavailable = (what: string): ProblemError =>
  new ProblemError({
    status: 503,
    title: 'Not available at the moment',
    detail: `${what} does not answer; try again soon`,
    retryAfterS: 2,
  });

export const invalidField = (field: string, reason: string): ProblemError =>
  new ProblemError({
    status: 422,
    title: 'Request not valid',
    detail: `${field}: ${reason}`,
    errors: [{ field, reason }],
  });

export function problemOf(error: unknown): Problem | null {
  if (error instanceof ProblemError) return error.problem;
  if (!(error instanceof CallDoorError)) return null;
  switch (error.kind) {
    case 'away':
      return unavailable('Temporal').problem;
    case 'not_found':
      return { status: 404, title: 'Not found', detail: 'no such call is going on' };
    case 'refused':
      return { status: 409, title: 'Refused', detail: error.message };
  }
}

type ValidationResult = { success: true } | { success: false; error: z.ZodError; target: string };

/** Hook for every validated route. */
export function validationHook(result: ValidationResult, _context: Context): Response | undefined {
  if (result.success) return undefined;
  const errors = result.error.issues.map((issue) => ({
    field: issue.path.join('.') || result.target,
    reason: issue.message,
  }));
  const first = errors[0];
  return problemResponse({
    status: 422,
    title: 'Request not valid',
    detail: first === undefined ? 'the request cannot be read' : `${first.field}: ${first.reason}`,
    errors,
  });
}

const problemContent = { 'application/problem+json': { schema: problemSchema } };

/** For route definitions: the named statuses answer with a problem. */
export function problems<Status extends number>(
  ...statuses: Status[]
): Record<Status, { description: string; content: typeof problemContent }> {
  const descriptions: Record<number, string> = {
    400: 'The body is not JSON',
    401: 'A key is needed',
    404: 'Not found',
    409: 'Somebody is on that line already, it has ended, or the customer has opted out',
    422: 'A field is not valid',
    503: 'A part of the system does not answer; try again',
  };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: descriptions[status] ?? 'Problem', content: problemContent }]),
  ) as Record<Status, { description: string; content: typeof problemContent }>;
}
