/** Host, client, user and the time stand in so many bytes of next to every line. */
const LOOKED_AT = 512;
const BRACE = 0x7b;
const LESS = 0x3c;
const SURE_OF_IT = 0.95;
/** A time of RFC 3339 in brackets is rarer, and others write it too. */
const GUESS = 0.6;

const COMMON =
  /^[^\s"[\]{}<>]{1,255},? [^"[\]]{1,255} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d[^\]]{0,20}\] "/;
const WITH_RFC3339 = /^[^\s"[\]{}<>]{1,255},? [^"[\]]{1,255} \[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\]]{0,20}\] "/;
/** Keys of nginx's variables, of Caddy's and of Traefik's logs, each with another that only an access log has. */
const JSON_KEYS = [
  ['"remote_addr"', /"(?:request|request_uri|request_method|uri)"/],
  ['"http.log.access', /"request"/],
  ['"RequestPath"', /"ClientHost"/],
] as const;

/** How sure it is that the line is of an access log, by its beginning. */
export function sniffAccessLog(line: Uint8Array): number {
  const first = line[0] ?? 0;
  if (first === LESS || first <= 0x20) return 0;
  const text = Buffer.from(line.buffer, line.byteOffset, Math.min(LOOKED_AT, line.byteLength)).toString(
    'latin1',
  );
  if (first === BRACE) return sniffJson(text);
  if (!text.includes('] "')) return 0;
  if (COMMON.test(text)) return SURE_OF_IT;
  return WITH_RFC3339.test(text) ? GUESS : 0;
}

function sniffJson(text: string): number {
  return JSON_KEYS.some(([key, other]) => text.includes(key) && other.test(text)) ? SURE_OF_IT : 0;
}
