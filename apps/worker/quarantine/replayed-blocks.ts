import { type Block, type BlockHeader } from '#event-model';
import type { RefusedLine, StreamSpec } from '#plugin-kit';

const LF = Buffer.from('\n');

/** Refused lines of one block and one parser. */
type Group = readonly [RefusedLine, ...RefusedLine[]];

/**
 * Blocks of these lines under the ids and rows that they have, one for each block and parser: text where there is a
 * parser, else JSON.
 *
 * @param parser for all of them; absent: the one that each line had
 */
export function replayedBlocks(
  stream: StreamSpec,
  lines: readonly RefusedLine[],
  parser: string | undefined,
): readonly Block[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const id = `${line.block} ${parser ?? line.parser}`;
    const group = groups.get(id);
    groups.set(id, group ? [...group, line] : [line]);
  }
  return [...groups.values()].map((group) => toBlock(stream, group, parser ?? group[0].parser));
}

function toBlock(stream: StreamSpec, group: Group, parser: string): Block {
  const [{ block: id, source, receivedAt }] = group;
  const header: BlockHeader = {
    ...{ id, source, receivedAt, tenant: stream.tenant, stream: stream.name, count: group.length },
    ...(parser === '' ? { format: 'ndjson' } : { format: 'lines', parser }),
  };
  const body = Buffer.concat(group.flatMap(({ raw }) => [raw, LF]));
  return { header, body, rows: group.map(({ row }) => row) };
}
