import { type Block, type BlockHeader, type PeerRun } from '#event-model';
import type { RefusedLine, StoredLine, StreamSpec } from '#plugin-kit';

const LF = Buffer.from('\n');

/** A line that goes its way again, with its parser; none for what came as JSON. */
type ReplayedLine = Omit<RefusedLine, 'reason'> & Pick<StoredLine, 'peer'>;

/** Lines of one block and one parser. */
type Group = [ReplayedLine, ...ReplayedLine[]];

/**
 * Blocks of these lines under the ids and rows that they have, one for each block and parser: text where there is a
 * parser, else JSON.
 *
 * @param parser for all of them; absent: the one that each line had
 */
export function replayedBlocks(
  stream: StreamSpec,
  lines: readonly ReplayedLine[],
  parser: string | undefined,
): readonly Block[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const id = `${line.block} ${parser ?? line.parser}`;
    const group = groups.get(id);
    if (group) group.push(line);
    else groups.set(id, [line]);
  }
  return [...groups.values()].map((group) => toBlock(stream, group, parser ?? group[0].parser));
}

function toBlock(stream: StreamSpec, group: Group, parser: string): Block {
  const [{ block: id, source, receivedAt }] = group;
  const header: BlockHeader = {
    ...{ id, source, receivedAt, tenant: stream.tenant, stream: stream.name, count: group.length },
    ...(parser === '' ? { format: 'ndjson' } : { format: 'lines', parser, ...peersOf(group) }),
  };
  const body = Buffer.concat(group.flatMap(({ raw }) => [raw, LF]));
  return { header, body, rows: group.map(({ row }) => row) };
}

/** Empty for lines of nobody that is known. */
function peersOf(group: Group): { readonly peers?: readonly PeerRun[] } {
  if (group.every(({ peer }) => peer === undefined)) return {};
  return { peers: group.map(({ peer = '' }) => [peer, 1]) };
}
