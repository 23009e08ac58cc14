import { parseBlockId } from '#event-model';
import type { QuarantinedRow, StreamSpec } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { AS_WRITTEN, renderParse } from '../schema/parse.js';
import { sealedValues } from '../schema/sealed-days.js';
import type { Source } from '../schema/step.js';

interface JudgedRow {
  readonly b: string;
  readonly row: number;
  readonly reason: string;
}

/** Those of the rows that the stream's view would refuse, by the view's own expressions. */
export async function judgeRows(
  engine: Engine,
  stream: StreamSpec,
  rows: Source,
): Promise<readonly QuarantinedRow[]> {
  const columns = `block, row, received_at, source, ${sealedValues()}, line`;
  const parsed = renderParse(stream, `(SELECT ${columns}, original FROM ${rows.table})`);
  const refused = `SELECT lower(hex(block)) AS b, row, reason FROM (${parsed}) WHERE reason != '' ORDER BY b, row`;
  const settings = ['max_threads = 1', ...AS_WRITTEN].join(', ');
  const options = { lane: 'write', session: rows.session } as const;
  const result = await engine.run(`${refused} SETTINGS ${settings}`, options);
  return result.rows<JudgedRow>().flatMap(({ b, row, reason }) => {
    const block = parseBlockId(b);
    return block ? [{ block, row, reason }] : [];
  });
}
