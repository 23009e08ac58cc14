import type { ParserVersion } from '../versions/parser-versions.js';
import type { VersionRecord } from './version-store.js';

/** What there is to choose from: SHA-256 in hex. */
export interface VersionsAtHand {
  /** What lies in the folder, where that may run. */
  readonly own?: string | undefined;
  readonly running?: string | undefined;
  /** All that may run. */
  readonly trusted: readonly string[];
}

/**
 * Which versions are to be tried, in order: the one that is held, else what lies in the folder. Only where nothing runs yet
 * another one may stand in, so that a broken folder costs nobody the version that worked before a restart.
 */
export function versionsToTry(
  { active, held }: VersionRecord,
  { own, running, trusted }: VersionsAtHand,
): readonly string[] {
  const last = active !== undefined && trusted.includes(active) ? active : undefined;
  const [first, second] = held && last !== undefined ? [last, own] : [own, last];
  const wanted = [first, running === undefined ? second : undefined];
  return [...new Set(wanted.filter((one) => one !== undefined))];
}

/** The record once a version was brought in. @param held whether it stays whatever is trusted later */
export function broughtIn(record: VersionRecord, sha256: string, held: boolean): VersionRecord {
  const before = record.active === sha256 ? record.before : record.active;
  return { ...record, active: sha256, before, held };
}

/** The versions that are kept, the newest first. */
export function shownVersions(
  { kept, held, before }: VersionRecord,
  { running, trusted }: Pick<VersionsAtHand, 'running' | 'trusted'>,
): readonly ParserVersion[] {
  const shown = kept.map(({ sha256, version, keptAt }) => ({
    id: sha256,
    version,
    isActive: sha256 === running,
    isHeld: held && sha256 === running,
    isBefore: sha256 === before,
    isTrusted: trusted.includes(sha256),
    since: keptAt,
  }));
  return shown.reverse();
}
