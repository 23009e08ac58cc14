import { PEER_FIELD, type Block, type PeerRun } from '#event-model';
import type { RoutedDelivery } from './find-stream.step.js';
import { ok, type Step } from './step-result.js';

const LF = 10;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Adds to events of inputs who sent them. */
export function createNamePeersStep(): Step<RoutedDelivery, RoutedDelivery> {
  return async function namePeersStep(routed) {
    const { delivery } = routed;
    const block = namePeers(delivery.block);
    return ok(block === delivery.block ? routed : { ...routed, delivery: { ...delivery, block } });
  };
}

/**
 * The block with {@link PEER_FIELD} in each event of a known peer; itself where nobody is known. In front of the event's own
 * members, the first of which counts where a key comes twice: no sender writes another address over its own.
 */
export function namePeers(block: Block): Block {
  const { peers, dropped, format } = block.header;
  if (!peers || dropped !== undefined || format !== 'records') return block;
  const body = Buffer.from(block.body.buffer, block.body.byteOffset, block.body.byteLength);
  const parts: Uint8Array[] = [];
  let kept = 0;
  let from = 0;
  for (const member of membersOf(peers)) {
    if (from >= body.length) break;
    const end = body.indexOf(LF, from);
    // What the parser refused is no object.
    if (body[from] === OPEN_OBJECT && member.length > 0) {
      parts.push(body.subarray(kept, from + 1), member);
      if (body[from + 1] !== CLOSE_OBJECT) parts.push(COMMA);
      kept = from + 1;
    }
    from = end + 1;
  }
  return { ...block, body: Buffer.concat([...parts, body.subarray(kept)]) };
}

const COMMA = Uint8Array.of(0x2c);

/** The member of each row. */
function* membersOf(peers: readonly PeerRun[]): Generator<Uint8Array> {
  for (const [address, rows] of peers) {
    const member = Buffer.from(address && `${JSON.stringify(PEER_FIELD)}:${JSON.stringify(address)}`);
    for (let row = 0; row < rows; row += 1) yield member;
  }
}
