import type { AccessEvent } from './request-line.js';

const HOST_PORT = /^(.{1,255}):(\d{1,5})$/;
/** A client's address or name; a proxy may write the whole chain, `192.0.2.1, 198.51.100.2`. */
const CLIENT = /^[^\s"[\](){}<>=;]{1,255}$/;
const MOST_WORDS = 64;

/**
 * Adds the words before the time: `CLIENT IDENT USER`, or `VHOST CLIENT IDENT USER`, in which a user's name may have
 * spaces. The identity of RFC 1413 is next to always `-`, which tells the two apart. False where it is neither.
 */
export function addClient(event: AccessEvent, text: string): boolean {
  const words = joinChains(text.split(' ').filter((word) => word !== ''));
  if (words.length < 3 || words.length > MOST_WORDS) return false;
  const hasHost = words.length > 3 && words[1] !== '-' && (words[2] === '-' || words.length === 4);
  const [client = '', ident = '', ...user] = hasHost ? words.slice(1) : words;
  const addresses = client.split(',');
  if (!addresses.every((address) => CLIENT.test(withoutBrackets(address)))) return false;
  if (hasHost) addServer(event, words[0] as string);
  if (client !== '-') event['client.address'] = withoutBrackets(addresses[0] as string);
  if (addresses.length > 1) event['http.request.header.x-forwarded-for'] = addresses.join(', ');
  if (ident !== '-') event['access_log.ident'] = ident;
  const name = user.join(' ');
  if (name !== '-' && name !== '""' && name !== '') event['user.name'] = name;
  return true;
}

/** Words that end in a comma go on in the next one. */
function joinChains(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.length - 1;
    if (joined[last]?.endsWith(',')) joined[last] += word;
    else joined.push(word);
  }
  return joined;
}

/** Adds the server that was asked for, `host` or `host:port`. */
export function addServer(event: AccessEvent, server: string): void {
  if (server === '-' || server === '') return;
  const isBareAddress = server.split(':').length > 2 && !server.startsWith('[');
  const match = isBareAddress ? null : HOST_PORT.exec(server);
  event['server.address'] = withoutBrackets(match?.[1] ?? server);
  if (match) event['server.port'] = Number(match[2]);
}

/** `[2001:db8::1]` is an address in brackets. */
function withoutBrackets(address: string): string {
  return address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}
