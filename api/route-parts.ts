/** What routes of every resource have in common. */
import { z } from '@hono/zod-openapi';

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

export const idParam = z.object({
  id: z
    .string()
    .min(1)
    .max(128)
    .openapi({ param: { name: 'id', in: 'path' } }),
});

export const phoneParam = z.object({ phone: z.string().openapi({ param: { name: 'phone', in: 'path' } }) });

/** For what may be asked for twice; `what` is what stands once all the same. */
export const idempotencyKey = (what: string) =>
  z.object({
    'idempotency-key': z
      .string()
      .min(1)
      .max(255)
      .optional()
      .openapi({ description: `A repeat with the same key and body is the same ${what}` }),
  });
