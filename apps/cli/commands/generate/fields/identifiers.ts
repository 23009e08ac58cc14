import { z } from 'zod';
import type { Random } from '../random.js';
import { parseNetwork } from './ip-network.js';
import { NOTHING, type FieldKind } from './field-scope.js';
import { kindOf } from './parameters.js';

/** Lower-case hex digits. */
export function drawHex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += random.word().toString(16).padStart(8, '0');
  return text.slice(0, digits);
}

/** A random identifier of 128 bits (version 4). */
const uuid = kindOf({ name: 'uuid', example: '{ uuid: {} }' }, z.strictObject({}), () => ({ random }) => {
  const digits = drawHex(random, 32);
  const variant = '89ab'[random.below(4)];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
});

/** Hex digits, as ids of traces and sessions are. */
const hex = kindOf(
  { name: 'hex', example: '{ hex: { digits: 32 } }' },
  z.strictObject({ digits: z.int().min(1).max(256).default(16) }),
  ({ digits }) =>
    ({ random }) =>
      drawHex(random, digits),
);

/** An address within a network, IPv4 or IPv6. */
const ip: FieldKind = {
  name: 'ip',
  example: '{ ip: 10.20.0.0/16 }',
  make: (given, scope) => {
    const network = typeof given === 'string' ? parseNetwork(given) : undefined;
    if (network) return ({ random }) => network(random);
    scope.report([], {
      what: `${JSON.stringify(given ?? null)} is no network.`,
      mend: 'Write an address and the bits that are fixed, such as 10.20.0.0/16 or 2001:db8::/32.',
    });
    return NOTHING;
  },
};

/** The kinds of fields that draw identifiers. */
export const identifierKinds: readonly FieldKind[] = [uuid, hex, ip];
