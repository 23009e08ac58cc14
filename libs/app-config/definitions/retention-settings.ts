import { z } from 'zod';
import { printPolicy, readPolicy } from '#retention-policy';
import { currencyCode, pricesByTier } from './price-types.js';
import { bootSetting, runTimeSetting } from './setting.js';
import { timeOfDay } from './time-types.js';
import type { ValueType } from './value-type.js';

/** The text of a policy, in the one form that it is printed in. */
const policy: ValueType<string> = {
  schema: z.string().transform((text, context) => {
    const { stays, mistake } = readPolicy(text);
    if (stays) return printPolicy(stays);
    context.issues.push({ code: 'custom', input: text, message: `${mistake.message}: ${mistake.mend}` });
    return z.NEVER;
  }),
  expected: 'a policy of whole days, such as search 30d -> delete, or forever',
  print: String,
};

const timeZone: ValueType<string> = {
  schema: z.string().trim().refine(isZone),
  expected: 'a time zone such as UTC, Europe/Berlin or +02:00',
  print: String,
};

function isZone(zone: string): boolean {
  if (/^[+-](?:[01]\d|2[0-3]):[0-5]\d$/.test(zone)) return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** When retention policies are applied, and what storage costs. */
export const retentionRunTimeSettings = {
  retentionRunAt: runTimeSetting({
    path: 'retention.run_at',
    type: timeOfDay,
    default: '02:00',
    description:
      'When retention policies are applied each day, for tenants that a first plan was applied of; `off`: only plans that an admin applies.',
  }),
  retentionTimeZone: runTimeSetting({
    path: 'retention.time_zone',
    type: timeZone,
    default: 'UTC',
    description:
      'The time zone of `retention_run_at` and `backup_daily_at`. Days of events are those of UTC in any case.',
  }),
  retentionPrices: runTimeSetting({
    path: 'retention.prices',
    type: pricesByTier,
    default: '',
    description:
      'What storage costs: the price of a GiB a month by tier, such as `search=0.1,archive=0.023`. Plans then tell the cost before and after; without it, bytes only.',
  }),
  retentionCurrency: runTimeSetting({
    path: 'retention.currency',
    type: currencyCode,
    default: 'USD',
    description: 'The currency of `retention_prices`, as three letters of ISO 4217.',
  }),
};

/** How long events are kept, that is read at start. */
export const retentionSettings = {
  defaultRetention: bootSetting({
    path: 'default_retention',
    type: policy,
    default: 'search 30d -> delete',
    description:
      'How long streams keep events that no retention policy is for. Nothing of a tenant is deleted before a first plan of it was applied.',
  }),
};
