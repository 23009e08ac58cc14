/** What stands for a secret. */
export const MASK = '***';

/** Last words of names whose values are secrets, whatever they look like; `at_once_per_key` is none. */
const SECRET_NAME =
  /(?<!per)(?:^|[._-])(?:key|api-?key|hash|pepper|secret|token|auth|authorization|credentials?|cookie|pass|passwd|password|passphrase)s?$/i;
/** Members whose values are secrets each: headers of a request carry credentials under any name. */
const SECRET_PARENT = /(?:^|[._-])headers$/i;
const OWN_KEY = /alv_[a-z0-9]{8}_[A-Za-z0-9_-]+/g;
const SCHEME = /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi;
const URL_REST = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]+)[/?#][^\s]+/gi;
/** Levels of a value that are looked into, and characters of a text: much more than is ever kept of it. */
const MAX_DEPTH = 8;
const MAX_TEXT = 4_000;

/**
 * A value without its secrets: what stands under the name of one, credentials in texts, and of addresses all that comes
 * behind the host, since hooks of chat servers are secrets as a whole.
 */
export function masked(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, maskMember(name, member, depth)]),
  );
}

function maskMember(name: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (SECRET_NAME.test(snake(name))) return MASK;
  const inner = masked(value, depth + 1);
  if (!SECRET_PARENT.test(snake(name)) || typeof inner !== 'object' || inner === null) return inner;
  return Object.fromEntries(Object.keys(inner).map((header) => [header, MASK]));
}

function maskText(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replaceAll(OWN_KEY, MASK)
    .replaceAll(SCHEME, MASK)
    .replaceAll(URL_REST, (_, scheme: string, host: string) => `${scheme}${host}/${MASK}`);
}

/** `apiKey` as `api-Key`, so that one rule does for both. */
function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2');
}
