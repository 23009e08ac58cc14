import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { ParsedLine } from '#plugin-kit';
import plugin from '../../plugins/parser-leef/index.js';
import { CORPORA } from './corpora-folder.js';

interface LeefCase {
  readonly id: string;
  readonly input: string;
  readonly expect: { readonly ok: boolean; readonly fields_subset: Readonly<Record<string, unknown>> };
}

const RECEIVED = parseTime('2026-11-21T12:00:00Z') ?? 0n;
/** What the suite calls the header's fields; all others are attributes. */
const HEADER: Readonly<Record<string, string>> = {
  vendor: 'leef.vendor',
  product: 'leef.product',
  productVersion: 'leef.product_version',
  eventId: 'leef.event_id',
};

/** Fields that the suite states and we read otherwise. */
function differences({ expect: wanted }: LeefCase, found: ParsedLine | undefined): readonly string[] {
  if (found?.kind !== 'event') return ['we refuse it'];
  return Object.entries(wanted.fields_subset).flatMap(([key, value]) => {
    const ours = found.event[HEADER[key] ?? `leef.ext.${key}`];
    return String(ours) === String(value) ? [] : [`${key}: ${String(ours)} here, ${String(value)} there`];
  });
}

/** Lines of a firewall under syslog headers, parted by bars though LEEF 1.0 has tabs. */
describe('leef.jsonl', () => {
  let cases: readonly LeefCase[];
  beforeAll(async () => {
    const text = await readFile(join(CORPORA, 'leef.jsonl'), 'utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    cases = lines.map((line) => JSON.parse(line) as LeefCase);
  });

  it('agrees with its peer', () => {
    const missed = cases.flatMap((one) => {
      const [found] = plugin.parser.parse([Buffer.from(one.input)], { receivedAt: RECEIVED });
      return differences(one, found).map((difference) => `${one.id}: ${difference}`);
    });
    console.log(`leef.jsonl: ${cases.length} cases, ${missed.length} fields missed`);
    expect(cases.length).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });

  it('has hosts and the times of the device', () => {
    for (const { input } of cases) {
      const [found] = plugin.parser.parse([Buffer.from(input)], { receivedAt: RECEIVED });
      expect(found).not.toHaveProperty('confidence');
      expect(found).toMatchObject({
        event: {
          host: 'firewall.domain.local',
          timestamp: expect.stringMatching(/^2025-09-17T11:4\d:\d\dZ$/),
        },
      });
    }
  });
});
