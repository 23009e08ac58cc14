import { z } from 'zod';
import { ALL_SCOPES, SCOPES } from '#access';
import { SOURCE_RULE } from '#event-model';
import { point, streamName } from '../requests/rule.js';

const scopes = Object.entries(SCOPES).map(([scope, meaning]) => `\`${scope}\`: ${meaning}`);

/** A key to be made. What names may be, and who may give what, is judged where keys are kept. */
export const newKeySchema = z.strictObject({
  name: z.string().describe(`Names the key to people: ${SOURCE_RULE}.`),
  scopes: z.array(z.enum(ALL_SCOPES)).min(1).describe(scopes.join(' ')),
  tenant: z.string().optional().describe("Default: the asking key's; another needs the scope `system`."),
  source: z.string().optional().describe('`source` of the events it sends. Default: its name.'),
  default_stream: streamName.optional(),
  streams: z.array(streamName).min(1).optional().describe('The only streams it may touch. Default: all.'),
  expires_at: point.optional().describe('Default: never.'),
});

export type NewKeyRequest = z.infer<typeof newKeySchema>;

const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  scopes: z.array(z.string()),
  default_stream: z.string(),
  source: z.string(),
  streams: z.array(z.string()).optional(),
  created_at: z.string(),
  expires_at: z.string().optional(),
  revoked_at: z.string().optional(),
});

export const keyListSchema = z.object({ keys: z.array(keySchema) });

export const madeKeySchema = keySchema.extend({ key: z.string().describe('The secret; shown only here.') });

export const shownKeySchema = keySchema;
