import type { IncomingMessage } from 'node:http';

/** What a live tail's WebSocket speaks, as a client names it in `Sec-WebSocket-Protocol`. */
export const TAIL_PROTOCOL = 'alluvium.tail.v1';
/** Before the key, where it is sent as a second protocol. */
const KEY_PREFIX = 'alluvium.key.';

/**
 * A browser can set no header on a WebSocket but its protocols, and a key in a URL ends up in logs: so the key may stand among
 * the protocols. It is moved to where all requests have it, and is never sent back.
 */
export function moveKeyToHeader({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const offered = protocolsOf(headers['sec-websocket-protocol']);
  const key = offered.find((protocol) => protocol.startsWith(KEY_PREFIX));
  if (key === undefined) return;
  headers.authorization ??= `Bearer ${key.slice(KEY_PREFIX.length)}`;
  headers['sec-websocket-protocol'] = offered.filter((protocol) => protocol !== key).join(', ');
  if (headers['sec-websocket-protocol'] === '') delete headers['sec-websocket-protocol'];
}

function protocolsOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '');
}
