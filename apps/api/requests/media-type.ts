/** A `Content-Type` in parts, lower case. */
export interface MediaType {
  readonly type: string;
  readonly charset: string | undefined;
}

const CHARSET = /^charset\s*=\s*"?([^";]*)"?$/i;

/** Reads a `Content-Type`; what isn't a type is one that nobody takes. */
export function mediaTypeOf(header: string): MediaType {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const charset = parameters.map((parameter) => CHARSET.exec(parameter)?.[1]).find((each) => each);
  return { type: type.toLowerCase(), charset: charset?.trim().toLowerCase() };
}
