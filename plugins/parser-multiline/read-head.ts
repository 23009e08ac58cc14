import type { DeviceTime } from '#plugin-kit';

/** Reads the time at a place of a text. */
export type ReadTime = (text: string, at?: number) => DeviceTime | undefined;

/** What the first line of an event begins with. */
export interface LineHead {
  readonly timestamp?: string;
  readonly level?: string;
  readonly warnings: readonly string[];
}

/** Characters in which the time and the level stand. */
const LOOKED_AT = 160;
const LEVEL =
  /(?:^|[\s[(|:])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL)(?=$|[\s\])|:])|(?:^|\s)level=([A-Za-z]{1,12})/;
const NONE: readonly string[] = [];

/** Reads the time that a text begins with, in brackets or not, and the first word for a level, in capitals. */
export function readHead(text: string, readTime: ReadTime): LineHead {
  const end = text.indexOf('\n');
  const line = text.slice(0, Math.min(end < 0 ? text.length : end, LOOKED_AT));
  const time = readTime(line, line.startsWith('[') ? 1 : 0);
  const [, capitals, word] = LEVEL.exec(line) ?? [];
  const level = capitals ?? word;
  return {
    ...(time && { timestamp: time.timestamp }),
    ...(level !== undefined && { level }),
    warnings: time?.warnings ?? NONE,
  };
}
