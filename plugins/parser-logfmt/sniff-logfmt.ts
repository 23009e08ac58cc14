const LOOKED_AT = 320;
/** A line that is one member, or two of any names, or has the names that loggers use. */
const [ALONE, MEMBERS, LOGGER] = [0.3, 0.7, 0.85];

const FIRST = /^[A-Za-z_@][\w.@/-]{0,79}=(?:"|[^\s="]|$| )/;
const SECOND = / [A-Za-z_@][\w.@/-]{0,79}=(?!=)/;
const LOGGERS = /(?:^| )(?:level|lvl|severity|ts|time|timestamp|msg|message)=/;
const EQUALS = 0x3d;

/** How sure it is that the line is logfmt: it begins with a member, and there are more. */
export function sniffLogfmt(line: Uint8Array): number {
  const bytes = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, LOOKED_AT));
  if (!bytes.includes(EQUALS)) return 0;
  const text = bytes.toString('latin1');
  if (!FIRST.test(text)) return 0;
  if (SECOND.test(text)) return LOGGERS.test(text) ? LOGGER : MEMBERS;
  return text.includes(' ') ? 0 : ALONE;
}
