import { z } from 'zod';
import { isTenantName, NAME_RULE } from '#event-model';
import { ANCHOR_STATES, AUDIT_ACTION_NAMES, CHAIN_PROBLEMS } from '#audit';
import { point, queryNumber } from '../requests/rule.js';
import { MAX_CURSOR } from '../search/cursor-text.js';

const MAX_LIMIT = 1_000;
const MAX_NAME = 200;
const NOUNS = [...new Set(AUDIT_ACTION_NAMES.map((name) => name.slice(0, name.indexOf('.'))))];

const isAction = (text: string): boolean =>
  NOUNS.includes(text) || AUDIT_ACTION_NAMES.some((name) => name === text);

const conditions = {
  start_time: point.optional().describe('Only what was recorded then or later.'),
  end_time: point.optional().describe('Only what was recorded before.'),
  actor: z
    .string()
    .min(1)
    .max(MAX_NAME)
    .optional()
    .describe('Id or name of the key that did it; or `appliance`, `file`, `nobody`.'),
  action: z
    .string()
    .refine(isAction, {
      error: 'is no action',
      params: {
        mend: `Use one of ${AUDIT_ACTION_NAMES.join(', ')}; or one of ${NOUNS.join(', ')} for all of it.`,
      },
    })
    .optional()
    .describe('Such as `key.create`; `key` for all that begin so.'),
  object: z.string().min(1).max(MAX_NAME).optional().describe('Name or id of what was changed.'),
  tenant: z
    .string()
    .refine(isTenantName, { error: 'is no name of a tenant', params: { mend: `Use ${NAME_RULE}.` } })
    .optional()
    .describe('Only what is about this tenant; of others than the own only with `system`.'),
};

/** Which entries are meant: those that meet every condition. */
export const auditFilterSchema = z.strictObject(conditions);
export type AuditConditions = z.infer<typeof auditFilterSchema>;

export const auditRequestSchema = z.strictObject({
  ...conditions,
  limit: queryNumber(100, MAX_LIMIT).describe('Most entries in the page.'),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR)
    .optional()
    .describe('The `next_cursor` of the page before, with the same conditions beside it.'),
});
export type AuditRequest = z.infer<typeof auditRequestSchema>;

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();
const sequence = z.number().int();
const hash = z.string().describe('SHA-256, hex.');

export const auditEntrySchema = z.object({
  sequence: sequence.describe('From 1, without gaps; the numbers between are of other tenants.'),
  time: z.string(),
  actor: z.object({
    kind: z
      .enum(['key', 'appliance', 'file', 'nobody'])
      .describe('`file`: who changed files of the machine. `nobody`: who sent no valid key.'),
    id: z.string().optional().describe('Of the key.'),
    name: z.string().optional().describe('Of the key.'),
  }),
  tenant: z.string().nullable().describe('Null: the whole appliance.'),
  action: z.enum(AUDIT_ACTION_NAMES),
  object: z.string().nullable().describe('Name or id of what was changed.'),
  outcome: z
    .enum(['done', 'failed', 'unknown', 'refused'])
    .describe(
      '`failed`: it was tried; what it is now, the server says. `unknown`: the process ended in the middle. `refused`: nothing was changed.',
    ),
  changes: z
    .array(z.object({ field: z.string(), before: value, after: value }))
    .describe(
      'Field by field; secrets are `***`, long values are cut. Where it failed, or its end is unknown, what was asked for.',
    ),
  request_id: z.string().optional(),
  address: z.string().optional().describe('Of the peer that sent the request.'),
  error: z.string().optional().describe('Code of the error, where it failed.'),
  previous: hash.describe('Hash of the entry before; 64 zeros in the first.'),
  hash: hash.describe(
    'SHA-256, hex, of `previous`, a line end, and the entry without `previous` and `hash` as JSON with sorted members and no spaces.',
  ),
});

export const auditPageSchema = z.object({
  entries: z
    .array(auditEntrySchema)
    .describe('The newest first. There may be fewer than `limit` although more follow.'),
  next_cursor: z.string().nullable().describe('Null where nothing follows.'),
});
export type AuditPageAnswer = z.infer<typeof auditPageSchema>;

const HASH = /^[0-9a-f]{64}$/;

export const verifyRequestSchema = z
  .strictObject({
    from: z.coerce.number().int().min(1).optional().describe('`sequence` of a head that was noted.'),
    hash: z
      .string()
      .refine((text) => HASH.test(text), {
        error: 'is no SHA-256 in hex',
        params: { mend: 'Send the hash that was noted with it.' },
      })
      .optional()
      .describe('Its `hash`.'),
  })
  .refine(({ from, hash: noted }) => (from === undefined) === (noted === undefined), {
    path: ['hash'],
    error: 'and from go together',
    params: { mend: 'Send both, or none.' },
  });
export type VerifyRequest = z.infer<typeof verifyRequestSchema>;

export const verificationSchema = z.object({
  verified_at: z.string(),
  whole: z.boolean().describe('Every entry is as it was written, and none is missing or was added.'),
  entries: z.number().int().describe('How many there are.'),
  oldest: sequence.describe('The first that is kept; 0 where there is none.'),
  head: z
    .object({ sequence, hash })
    .describe('Where the chain ends. Note it elsewhere: it vouches for all before it.'),
  broken: z
    .object({
      sequence,
      problem: z.enum(CHAIN_PROBLEMS),
      detail: z.string().describe('What is wrong.'),
    })
    .optional()
    .describe('The first entry that is not as it was written.'),
  anchor: z
    .enum(ANCHOR_STATES)
    .optional()
    .describe(
      'Of the head that was sent. `held`: it is still a part of the chain. `changed`: that entry has another hash now. `missing`: there is no such entry. `pruned`: it is older than what is kept.',
    ),
});
export type Verification = z.infer<typeof verificationSchema>;
