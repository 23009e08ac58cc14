import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { CORPORA } from './corpora-folder.js';
import { isUtf8Line, readLogFile, SYSTEMS, wordsOf, wrapLine, type LogFile } from './log-file.js';

const LINES_A_REQUEST = 500;
const MOST = 10_000;
const NEWEST = 100;
const SHOWN_CHARACTERS = 160;

const sorted = (lines: readonly Buffer[]): string[] => lines.map((line) => line.toString('latin1')).sort();
const show = (title: string, lines: readonly string[]): void =>
  console.log([title, ...lines.map((line) => `  ${line.slice(0, SHOWN_CHARACTERS)}`)].join('\n'));

/** Real logs of eight systems go in as NDJSON and must come out line by line, byte by byte. */
describe.each(SYSTEMS)('the log of %s', (system) => {
  const stream = `loghub-${system.toLowerCase()}`;
  let file: LogFile;
  let appliance: Appliance;
  let api: ApiClient;
  const statuses: number[] = [];
  beforeAll(async () => {
    file = await readLogFile(CORPORA, `loghub/${system}_2k.log`);
    appliance = await startAppliance();
    api = new ApiClient(appliance);
    await api.createStream(stream, 'log');
    for (let from = 0; from < file.lines.length; from += LINES_A_REQUEST) {
      const chunk = file.lines.slice(from, from + LINES_A_REQUEST).map((line) => wrapLine(file.name, line));
      const answer = await api.send(stream, Buffer.concat(chunk), { prefer: 'wait=30' });
      statuses.push(answer.status);
    }
  });
  afterAll(() => appliance?.dispose());

  /** Messages of the file's events, newest first. */
  async function messages(query: Record<string, unknown>): Promise<readonly string[]> {
    const { status, body } = await api.logs({
      stream,
      service: file.name,
      start_time: 'now-1h',
      end_time: 'now+1h',
      ...query,
    });
    expect(status).toBe(200);
    return body.logs.map((event) => String(event['message']));
  }

  it('is found whole, every line with its own bytes', async () => {
    expect(new Set(statuses)).toEqual(new Set([200]));
    const found = await messages({ limit: MOST });
    const good = file.lines.filter(isUtf8Line);
    const bytes = found.map((message) => Buffer.from(message));
    expect(missingIn(bytes, good)).toEqual([]);
    expect(missingIn(good, bytes)).toEqual([]);
    const { body } = await api.quarantine({ stream, limit: String(MOST) });
    expect(body.total).toBe(file.lines.length - good.length);
    expect((await api.ledger()).body.residue).toBe(0);
    show(`${file.name}: ${file.lines.length} lines sent, ${found.length} found, bytes equal`, []);
  });

  it('shows its newest lines first', async () => {
    const newest = await messages({ limit: NEWEST });
    const last = file.lines.filter(isUtf8Line).slice(-NEWEST);
    expect(newest).toEqual(last.map(String).reverse());
    show(`${file.name}: newest ${NEWEST}`, newest);
  });

  it('is searched by a word of it', async () => {
    const word = aWordOf(file);
    const found = (await messages({ search: word, limit: MOST })).map((message) => Buffer.from(message));
    const withWord = file.lines.filter((line) => wordsOf(String(line)).has(word));
    const inAnyCase = file.lines.filter((line) =>
      wordsOf(String(line).toLowerCase()).has(word.toLowerCase()),
    );
    // Lines that have the word, and were not found; then lines that were found without it.
    expect(missingIn(found, withWord)).toEqual([]);
    expect(missingIn(inAnyCase, found)).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
    show(`${file.name}: ${found.length} lines with "${word}", such as`, found.slice(0, 3).map(String));
  });
});

/** What is in the second list and not, or not as often, in the first. */
function missingIn(lines: readonly Buffer[], wanted: readonly Buffer[]): string[] {
  const left = new Map<string, number>();
  for (const line of sorted(lines)) left.set(line, (left.get(line) ?? 0) + 1);
  return sorted(wanted).filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** The first long word of the line in the middle. */
function aWordOf({ lines }: LogFile): string {
  const middle = lines[Math.floor(lines.length / 2)]?.toString() ?? '';
  const word = [...wordsOf(middle)].find((each) => /^[A-Za-z]{5,}$/.test(each));
  if (word === undefined) throw new Error(`No long word in: ${middle}`);
  return word;
}
