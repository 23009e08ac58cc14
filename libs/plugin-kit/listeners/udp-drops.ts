import { readFile } from 'node:fs/promises';

/** Tables of the kernel's UDP sockets (Linux; proc(5)). */
const TABLES = ['/proc/self/net/udp', '/proc/self/net/udp6'];

/** Datagrams that the kernel dropped at a port's sockets, since they were opened; undefined where it doesn't tell. */
export async function readUdpDrops(port: number): Promise<number | undefined> {
  const texts = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => '')));
  const counts = texts.flatMap((text) => dropsIn(text, port));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** The last column of each socket's line is its drops. */
export function dropsIn(table: string, port: number): readonly number[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hex}`))
    .map((columns) => Number(columns.at(-1)))
    .filter(Number.isFinite);
}
