const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1,234,567`. */
export function showCount(count: number): string {
  return COUNT.format(count);
}

/** `3 events`, `1 event`; the plural is made with an s. */
export function showCounted(count: number, noun: string): string {
  return `${showCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bytes with three figures and a binary unit: `1.21 MiB`. */
export function showBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  const digits = power === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[power]}`;
}

/** Milliseconds as `0:07`, `12:34`, `1:02:03`. */
export function showDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const pair = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pair(minutes)}:${pair(seconds % 60)}` : `${minutes}:${pair(seconds % 60)}`;
}

/** A bar of `width` signs, `share` from 0 to 1: `[####------]`. */
export function showBar(share: number, width: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`;
}
