import { z } from 'zod';
import type { PluginManifest } from '#plugin-kit';

/** What something can be made of, for whoever wants to make it. */
export const kindSchema = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  options_schema: z.looseObject({}).describe('JSON Schema of `options`.'),
});

/** @param kind by which admins ask for it */
export function shownKind(
  kind: string,
  { title, description }: PluginManifest,
  options: z.ZodType,
): z.infer<typeof kindSchema> {
  const schema = z.toJSONSchema(options, { io: 'input' }) as Readonly<Record<string, unknown>>;
  return { kind, title, description, options_schema: { ...schema } };
}
