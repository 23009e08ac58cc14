import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Answer, type FoundEvent } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { CORPORA } from './corpora-folder.js';
import { readLogFile, SYSTEMS, wordsOf, type LogFile } from './log-file.js';
import { syslogShare } from './syslog-share.js';

const MOST = 10_000;
/** Every so many lines one is looked for by a word of its own. */
const LOOKED_FOR = 8;
/** Searches at once. */
const SEARCHERS = 4;
const TIMES = { start_time: '1990-01-01T00:00:00Z', end_time: 'now+1d' };
/** Lines of syslog files of which host, program and time must be right. */
const RIGHT = 0.98;

/** Real logs of eight systems go in as files of text and must come out line by line, byte by byte. */
describe('logs of real systems, sent as text', () => {
  let appliance: Appliance;
  let api: ApiClient;
  beforeAll(async () => {
    appliance = await startAppliance();
    api = new ApiClient(appliance);
  });
  afterAll(() => appliance?.dispose());

  describe.each(SYSTEMS)('%s', (system) => {
    const stream = `text-${system.toLowerCase()}`;
    let file: LogFile;
    let sent: Answer<unknown>;
    let events: readonly FoundEvent[];

    async function find(query: Record<string, unknown>): Promise<readonly FoundEvent[]> {
      const { status, body } = await api.logs({ stream, ...TIMES, limit: MOST, ...query });
      expect(status).toBe(200);
      return body.logs;
    }

    beforeAll(async () => {
      file = await readLogFile(CORPORA, `loghub/${system}_2k.log`);
      const body = Buffer.concat(file.lines.flatMap((line) => [line, Buffer.from('\r\n')]));
      const headers = { 'content-type': 'text/plain', prefer: 'wait=30' };
      sent = await api.send(stream, body, headers);
      events = [...(await find({}))].sort((a, b) => rowOf(a) - rowOf(b));
    });

    it('is found whole, every line with its own bytes, in order, and none in quarantine', async () => {
      expect(sent).toMatchObject({ status: 200, body: { stored: file.lines.length, quarantined: 0 } });
      expect(events.map((event) => bytesOf(event).toString('latin1'))).toEqual(
        file.lines.map((line) => line.toString('latin1')),
      );
      expect((await api.quarantine({ stream, limit: '10' })).body.total).toBe(0);
      expect((await api.ledger()).body.residue).toBe(0);
    });

    it('is found line by line, by the rarest word of each', async () => {
      const count = countWords(events);
      const missed: string[] = [];
      const wanted = events.filter((_event, n) => n % LOOKED_FOR === 0);
      const search = async (): Promise<void> => {
        for (let event = wanted.pop(); event; event = wanted.pop()) {
          const place = event.event_id;
          const found = await find({ search: rarestWord(event, count) });
          if (!found.some(({ event_id }) => event_id === place)) missed.push(place);
        }
      };
      await Promise.all(Array.from({ length: SEARCHERS }, search));
      expect(missed).toEqual([]);
    });

    it('says of each line by what it was parsed', () => {
      const isSyslog = ['Linux', 'OpenSSH'].includes(system);
      const wanted = isSyslog ? { parser: 'syslog' } : { parse_status: 'none' };
      expect(events.filter(({ attributes }) => !hasAll(attributes, wanted))).toEqual([]);
    });

    if (system !== 'Linux' && system !== 'OpenSSH') return;
    it(`has host, program and time right in ${RIGHT * 100} % of the lines`, () => {
      const { right, wrong } = syslogShare(events.map((event) => [bytesOf(event).toString('latin1'), event]));
      console.log(
        `${file.name}: ${(100 * right).toFixed(2)} % right; not: ${wrong.slice(0, 5).join(' | ') || 'none'}`,
      );
      expect(right).toBeGreaterThanOrEqual(RIGHT);
    });
  });
});

function rowOf({ event_id }: FoundEvent): number {
  return Number(event_id.split('-')[1]);
}

/** The line that an event was made of. */
function bytesOf(event: FoundEvent): Buffer {
  const { raw, raw_base64: base64, message } = event;
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(raw ?? message));
}

function wordsOfEvent({ message }: FoundEvent): Set<string> {
  return new Set([...wordsOf(String(message))].map((word) => word.toLowerCase()));
}

function countWords(events: readonly FoundEvent[]): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  for (const event of events)
    for (const word of wordsOfEvent(event)) count.set(word, (count.get(word) ?? 0) + 1);
  return count;
}

function rarestWord(event: FoundEvent, count: ReadonlyMap<string, number>): string {
  const words = [...wordsOfEvent(event)].sort((a, b) => (count.get(a) ?? 0) - (count.get(b) ?? 0));
  if (words[0] === undefined) throw new Error(`No word in ${JSON.stringify(event)}`);
  return words[0];
}

function hasAll(attributes: FoundEvent['attributes'], wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([key, value]) => attributes?.[key] === value);
}
