import type { Block } from '#event-model';
import type { StoredLine, StreamPart, StreamSpec, TierBatch } from '#plugin-kit';
import type { ContractTier } from './contract-case.js';
import { at, makeQuery, makeStreamBlock, makeTierBatch } from './scene.js';

/** All time that events can be of. */
export const EVER = { from: at('1980-01-01T00:00:00Z'), to: at('2100-01-01T00:00:00Z') };

/** What a worker does: reads each line otherwise, and puts the copy in place. */
export async function rewriteDay(
  tier: ContractTier,
  stream: StreamSpec,
  ...[day, change]: [day: number, change: (line: StoredLine) => string]
) {
  const part: StreamPart = { stream, day, generation: 0 };
  const blocks = (await tier.blocksOfPart(part, { limit: 100 })).map(({ block }) => block);
  const lines = await tier.storedLines(part, blocks, EVER);
  const made = lines.map((line): Block => blockOfLine(stream, line, change(line)));
  await tier.beginRewrite(part);
  const report = await tier.rewrite(part, blocks, makeTierBatch(stream, made));
  await tier.catchUpRewrite(part);
  await tier.finishRewrite(part);
  return report;
}

function blockOfLine(stream: StreamSpec, line: StoredLine, text: string): Block {
  const { block: id, source, receivedAt } = line;
  return { ...makeStreamBlock(stream, [text], { id, source, receivedAt }), rows: [line.row] };
}

export function batchOf(stream: StreamSpec, { header }: Block, line: string): TierBatch {
  return makeTierBatch(stream, [{ ...makeStreamBlock(stream, [line], header), rows: [0] }]);
}

export async function linesOf(
  tier: ContractTier,
  stream: StreamSpec,
  day: number,
): Promise<readonly StoredLine[]> {
  const part: StreamPart = { stream, day, generation: 0 };
  const blocks = await tier.blocksOfPart(part, { limit: 100 });
  return tier.storedLines(
    part,
    blocks.map(({ block }) => block),
    EVER,
  );
}

export async function storeText(
  tier: ContractTier,
  stream: StreamSpec,
  ...[texts, lines]: [texts: readonly string[], lines: readonly string[]]
): Promise<void> {
  const raw = Buffer.from(texts.map((text) => `${text}\n`).join(''));
  await tier.insert(
    makeTierBatch(stream, [{ ...makeStreamBlock(stream, lines, { format: 'records' }), raw }]),
  );
}

export async function eventsOf(tier: ContractTier, stream: StreamSpec) {
  return (await tier.search(makeQuery([stream]))).events as readonly (Awaited<
    ReturnType<ContractTier['search']>
  >['events'][number] &
    Record<string, unknown>)[];
}

export function textOf(line: StoredLine | undefined): string {
  return Buffer.from(line?.raw ?? []).toString('utf8');
}
