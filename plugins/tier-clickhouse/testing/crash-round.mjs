// The blocks of one insert of the crash test: made again, byte by byte, by whoever knows its round and number.
import { createHash } from 'node:crypto';

const BLOCKS = 3;
const LINES = 200;
const DAYS = 5;
const FIRST_DAY = Date.UTC(2026, 10, 10);

/** Three blocks over five days; every seventh line is refused. */
export function makeRound(stream, round, insert) {
  return Array.from({ length: BLOCKS }, (_, block) => {
    const seed = `${round}/${insert}/${block}`;
    const id = createHash('sha256').update(seed).digest('hex').slice(0, 32);
    const lines = Array.from({ length: LINES }, (_line, row) => makeLine(seed, row));
    const { tenant, name } = stream;
    const origin = {
      source: 'writer',
      format: 'ndjson',
      receivedAt: 1_795_262_400_000_000_000n,
      count: LINES,
    };
    return { header: { id, tenant, stream: name, ...origin }, body: Buffer.from(lines.join('')) };
  });
}

/** Rows of such a block that are refused. */
export const REFUSED_ROWS = Array.from({ length: LINES }, (_, row) => row).filter((row) => row % 7 === 3);
export const STORED_ROWS = Array.from({ length: LINES }, (_, row) => row).filter((row) => row % 7 !== 3);

function makeLine(seed, row) {
  if (row % 7 === 3) return row % 2 === 0 ? `no json ${row}\n` : `{"timestamp":"nonsense ${row}"}\n`;
  const timestamp = new Date(FIRST_DAY + (row % DAYS) * 86_400_000 + row).toISOString();
  return `${JSON.stringify({ timestamp, service: 'writer', level: 'INFO', message: `${seed} ${row}` })}\n`;
}
