import { isIPv4, isIPv6 } from 'node:net';
import type { Random } from '../random.js';

/** Draws addresses within a network such as `10.20.0.0/16` or `2001:db8::/32`; undefined where the text is none. */
export function parseNetwork(text: string): ((random: Random) => string) | undefined {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const groups = isIPv4(address) ? v4Groups(address) : isIPv6(address) ? v6Groups(address) : undefined;
  const width = isIPv4(address) ? 8 : 16;
  if (!groups || Number(bits) > groups.length * width) return undefined;
  const show = isIPv4(address) ? (drawn: readonly number[]) => drawn.join('.') : showV6;
  return (random) => show(fill(groups, { fixed: Number(bits), width, random }));
}

/** Draws the bits behind the fixed ones, group by group. */
function fill(
  groups: readonly number[],
  { fixed, width, random }: { readonly fixed: number; readonly width: number; readonly random: Random },
): readonly number[] {
  return groups.map((group, at) => {
    const free = Math.min(width, Math.max(0, (at + 1) * width - fixed));
    const size = 2 ** free;
    return group - (group % size) + random.below(size);
  });
}

function v4Groups(address: string): readonly number[] {
  return address.split('.').map(Number);
}

/** Eight groups of 16 bits; an IPv4 address at the end counts for two. */
function v6Groups(address: string): readonly number[] | undefined {
  if (address.includes('%')) return undefined;
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const read = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
  const [before, after] = [read(head), read(tail ?? '')];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** As RFC 5952 has it. */
function showV6(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}
