import { createHash } from 'node:crypto';
import { ArchiveFormatError } from './archive-format.errors.js';

/** An object of a unit as a tier from outside keeps it, and whose it is. */
export interface KeyOfTier {
  /** As policies name the tier. */
  readonly tier: string;
  /** Of the key alone, without any text of a user's: `20261120-<40 hex digits>`. */
  readonly name: string;
  readonly tenant: string;
  readonly stream: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
}

const PREFIX = 'tier=';
const KEY =
  /^tier=([a-z0-9][a-z0-9_-]{0,62})\/tenant=([^/]+)\/stream=([^/]+)\/year=(\d{4})\/month=(\d\d)\/day=(\d\d)\/[^/]+$/;

/** The key of an object that a tier from outside keeps, not the place of archives. */
export function inTier(tier: string, key: string): string {
  return `${PREFIX}${tier}/${key}`;
}

/** The tier from outside that keeps an object; undefined where it is in the place of archives. */
export function tierOfKey(key: string): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length, key.indexOf('/')) : undefined;
}

/** @throws ArchiveFormatError where it is no key of such a tier */
export function readTierKey(key: string): KeyOfTier {
  const [, tier, tenant, stream, year, month, date] = KEY.exec(key) ?? [];
  if (tier === undefined || tenant === undefined || stream === undefined)
    throw new ArchiveFormatError(
      'archive_manifest_invalid',
      `${key.slice(0, 200)} is no object of a storage tier.`,
    );
  const day = `${year}${month}${date}`;
  const name = `${day}-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
  return { tier, name, tenant, stream, day: Number(day) };
}
