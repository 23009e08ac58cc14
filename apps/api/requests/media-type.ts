/** A `Content-Type` in parts, lower case. */
export interface MediaType {
  readonly type: string;
  readonly charset: string | undefined;
}

const CHARSET = /^charset\s*=\s*"?([^";]*)"?$/i;

/** Headers that were read before: senders have few different ones, and each is asked for several times. */
const known = new Map<string, MediaType>();
const MAX_KNOWN = 100;

/** Reads a `Content-Type`; what isn't a type is one that nobody takes. */
export function mediaTypeOf(header: string): MediaType {
  const before = known.get(header);
  if (before) return before;
  const type = read(header);
  if (known.size < MAX_KNOWN) known.set(header, type);
  return type;
}

function read(header: string): MediaType {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const charset = parameters.map((parameter) => CHARSET.exec(parameter)?.[1]).find((each) => each);
  return { type: type.toLowerCase(), charset: charset?.trim().toLowerCase() };
}
