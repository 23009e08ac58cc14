import { REFUSED_BY, REFUSED_LINE, type Block, type BlockId } from '#event-model';
import type { RefusedLine, StreamSpec } from '#plugin-kit';

const LF = 0x0a;

/** Refused events as blocks that a tier takes, which refuse each line again for the reason that it has. */
export function refusedBlocks(
  { tenant, name: stream }: StreamSpec,
  lines: readonly RefusedLine[],
): readonly Block[] {
  const byBlock = new Map<BlockId, RefusedLine[]>();
  for (const line of lines) byBlock.set(line.block, [...(byBlock.get(line.block) ?? []), line]);
  return [...byBlock].map(([id, some]) => {
    const { source = '', receivedAt = 0n } = some[0] ?? {};
    return {
      header: { id, tenant, stream, source, receivedAt, format: 'records', count: some.length },
      body: Buffer.concat(some.map(refusalOf)),
      raw: Buffer.concat(some.flatMap(({ raw }) => [raw, Buffer.of(LF)])),
      rows: some.map(({ row }) => row),
    };
  });
}

function refusalOf({ reason, parser }: RefusedLine): Buffer {
  const by = parser === '' ? [] : [Buffer.of(REFUSED_BY), Buffer.from(parser)];
  return Buffer.concat([Buffer.of(REFUSED_LINE), Buffer.from(reason), ...by, Buffer.of(LF)]);
}
