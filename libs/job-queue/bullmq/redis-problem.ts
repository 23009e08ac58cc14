const REFUSED = /\b(WRONGPASS|NOAUTH|invalid password|invalid username-password pair|without any password)/i;
const RIGHT = /\bNOPERM\b|no permission/i;
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY))/;
const SENTINELS = /sentinels? (is|are) unreachable/i;

/** What is wrong with Redis, and the setting by which it is mended. Of an error its text and code only: its command has passwords. */
export function redisProblem(error: unknown): string {
  const { message, code } = textOf(error);
  if (REFUSED.test(message))
    return `Redis doesn't let the user in (${message}): set REDIS_USER, and REDIS_PASSWORD or REDIS_PASSWORD_FILE.`;
  if (RIGHT.test(message))
    return `Redis denies the user of REDIS_USER a command (${message}): give it the rights that the guide lists.`;
  if (CERTIFICATE.test(code))
    return `The certificate of Redis isn't trusted (${code}): set REDIS_TLS_CA to its authority, and name the host in REDIS_URL as the certificate does.`;
  if (SENTINELS.test(message))
    return `No Sentinel of REDIS_SENTINELS knows a master of the name in REDIS_URL (${message}).`;
  if (error instanceof Error && error.name === 'ReplyError')
    return `Redis refuses a command (${message}): look at the server of REDIS_URL.`;
  return `Redis doesn't answer (${code || message}): see that it runs at REDIS_URL, with rediss:// where it wants TLS.`;
}

function textOf(error: unknown): { readonly message: string; readonly code: string } {
  if (!(error instanceof Error)) return { message: String(error), code: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { message: error.message.replaceAll(/\s+/g, ' ').slice(0, 300), code };
}
