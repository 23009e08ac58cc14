import { z } from 'zod';

/** A manifest that says nothing of options takes none. */
const NONE = { type: 'object', properties: {}, additionalProperties: false };

/**
 * The options that a manifest's `config` describes, as a schema that checks them and fills in their defaults: what an
 * input, an enricher or a notifier from outside the repository gives to `defineInput`, `defineEnricher` or `defineNotifier`.
 *
 * @param manifest `manifest.json` as imported
 * @throws where `config` is no JSON Schema
 */
export function manifestOptions<Options = Readonly<Record<string, unknown>>>(
  manifest: object,
): z.ZodType<Options> {
  const config = 'config' in manifest ? (manifest.config ?? NONE) : NONE;
  return z.fromJSONSchema(config as Parameters<typeof z.fromJSONSchema>[0]) as z.ZodType<Options>;
}
