import { z } from 'zod';
import { listText } from './text-types.js';
import type { ValueType } from './value-type.js';

const PRICE = /^([a-z0-9][a-z0-9-]{0,62})=(\d{1,9}(?:\.\d{1,9})?)$/;

/** What a GiB costs a month, by tier: `search=0.1,archive=0.023`. */
export const pricesByTier: ValueType<ReadonlyMap<string, number>> = {
  schema: listText
    .pipe(z.array(z.string().regex(PRICE)).max(50))
    .transform((list) =>
      list.map((item) => PRICE.exec(item)).map((found) => [found?.[1] ?? '', Number(found?.[2])] as const),
    )
    .refine((list) => new Set(list.map(([tier]) => tier)).size === list.length)
    .transform((list) => new Map(list)),
  expected: 'a comma list of tier=price of a GiB a month, each tier once, such as search=0.1,archive=0.023',
  print: (value) => [...value].map(([tier, price]) => `${tier}=${price}`).join(','),
};

export const currencyCode: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^[A-Z]{3}$/),
  expected: 'a currency as three letters of ISO 4217, such as EUR',
  print: String,
};
