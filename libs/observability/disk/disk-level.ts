import type { DiskSpace } from './disk-space.js';

/** How full a file system is, from what is all right to what refuses everything. */
export const DISK_LEVELS = ['ok', 'warning', 'low_refused', 'normal_refused', 'refusing'] as const;
export type DiskLevel = (typeof DISK_LEVELS)[number];

/** How much must stay free; the larger of the two counts. */
export interface DiskReserve {
  readonly bytes: number;
  readonly percent: number;
}

/** From which share of the usable space on a level begins; percent. */
export interface DiskThresholds {
  readonly warnAt: number;
  readonly refuseLowAt: number;
  readonly refuseNormalAt: number;
  /** The reserve begins the same level, whichever comes first. */
  readonly refuseAt: number;
  /** Percent points that must be free below its threshold before a level is left. */
  readonly resumeMargin: number;
}

export interface DiskRules {
  readonly reserve: DiskReserve;
  readonly thresholds: DiskThresholds;
}

/** Bytes of a file system that a level follows from. */
type Sizes = Omit<DiskSpace, 'device'>;

export function isAtLeast(level: DiskLevel, other: DiskLevel): boolean {
  return DISK_LEVELS.indexOf(level) >= DISK_LEVELS.indexOf(other);
}

export function reserveOf({ totalBytes }: Pick<DiskSpace, 'totalBytes'>, reserve: DiskReserve): number {
  return Math.max(reserve.bytes, Math.floor((totalBytes * reserve.percent) / 100));
}

/** Bytes that are free when the level begins. */
export function freeAt(level: Exclude<DiskLevel, 'ok'>, space: Sizes, rules: DiskRules): number {
  const { warnAt, refuseLowAt, refuseNormalAt, refuseAt } = rules.thresholds;
  const percent = {
    ...{ warning: warnAt, low_refused: refuseLowAt, normal_refused: refuseNormalAt, refusing: refuseAt },
  }[level];
  const share = Math.floor((usableBytes(space) * (100 - percent)) / 100);
  return level === 'refusing' ? Math.max(share, reserveOf(space, rules.reserve)) : share;
}

/** The level of a file system that had this one before: a level that was reached is left only with a margin. */
export function levelOf(space: Sizes, before: DiskLevel, rules: DiskRules): DiskLevel {
  const margin = Math.floor((usableBytes(space) * rules.thresholds.resumeMargin) / 100);
  const isReached = (level: DiskLevel): boolean =>
    level === 'ok' ||
    space.freeBytes <= freeAt(level, space, rules) + (isAtLeast(before, level) ? margin : 0);
  return DISK_LEVELS.findLast(isReached) ?? 'ok';
}

/** Percent of the usable space, as `df` says it; 100 where there is none. */
export function usedPercent(space: Sizes): number {
  const usable = usableBytes(space);
  return usable === 0 ? 100 : (space.usedBytes / usable) * 100;
}

/** Without what is kept for the superuser. */
function usableBytes({ usedBytes, freeBytes }: Sizes): number {
  return usedBytes + freeBytes;
}
