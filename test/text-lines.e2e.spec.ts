import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient, type Accepted, type Answer } from './support/api-client.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const YEARS = { start_time: '1990-01-01T00:00:00Z', end_time: 'now+1d', limit: 10_000 };
const SYSLOG = '<34>1 2025-10-11T22:14:15.003Z web-1 su 7 ID47 [a@1 x="1"] failed for lonvick';
const JSON_LINE = '{"service":"checkout","message":"declined","order":18446744073709551615}';
const LATIN = Buffer.from('caf\u00e9 au lait', 'latin1');
const LINES: readonly (string | Buffer)[] = [SYSLOG, JSON_LINE, 'just words', LATIN, '<34>1 cut'];

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

async function start(): Promise<{ appliance: Appliance; api: ApiClient }> {
  appliance = await startAppliance();
  return { appliance, api: new ApiClient(appliance) };
}

const bodyOf = (lines: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n\r\n')]));

function sendText(
  api: ApiClient,
  lines: readonly (string | Buffer)[],
  wait = 30,
): Promise<Answer<Partial<Accepted>>> {
  return api.send('text', bodyOf(lines), { 'content-type': 'text/plain', prefer: `wait=${wait}` });
}

async function sendNamed({ url, adminKey }: Appliance, parser: string, body: Buffer): Promise<unknown> {
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'text/plain', prefer: 'wait=30' };
  const address = `${url}/api/v1/streams/text/events?parser=${parser}`;
  return (await fetch(address, { method: 'POST', headers, body })).json();
}

async function original({ url, adminKey }: Appliance, id: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${adminKey}` };
  return ((await (await fetch(`${url}/api/v1/logs/${id}`, { headers })).json()) as { original: unknown })
    .original;
}

describe('lines of text', () => {
  it('are each an event by the parser that fits, and none is refused', async () => {
    const { appliance: running, api } = await start();
    expect(await sendText(api, LINES)).toMatchObject({ status: 200, body: { stored: 5, quarantined: 0 } });

    const { logs } = (await api.logs({ stream: 'text', ...YEARS })).body;
    const events = [...logs].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
    expect(events).toMatchObject([
      {
        timestamp: '2025-10-11T22:14:15.003000000Z',
        level: 'critical',
        host: 'web-1',
        service: 'su',
        message: 'failed for lonvick',
        raw: SYSLOG,
        attributes: {
          parser: 'syslog',
          'syslog.facility': 4,
          'syslog.severity': 2,
          'syslog.priority': 34,
          'syslog.version': 1,
          'syslog.procid': '7',
          'syslog.msgid': 'ID47',
          'syslog.structured_data.a@1.x': '1',
        },
      },
      { service: 'checkout', raw: JSON_LINE, attributes: { order: '18446744073709551615', parser: 'json' } },
      { message: 'just words', attributes: { parse_status: 'none' } },
      { message: 'caf\ufffd au lait', raw_base64: LATIN.toString('base64') },
      { message: '<34>1 cut', attributes: { parse_status: 'none' } },
    ]);
    expect(events[2]).not.toHaveProperty('raw');
    const originals = await Promise.all(events.map(({ event_id }) => original(running, event_id)));
    expect(originals).toEqual([SYSLOG, JSON_LINE, 'just words', 'caf\ufffd au lait', '<34>1 cut']);
  });

  it('go to quarantine with their bytes where a named parser refuses them', async () => {
    const { appliance: running, api } = await start();
    expect(await sendNamed(running, 'syslog', bodyOf(LINES))).toMatchObject({ stored: 1, quarantined: 4 });
    const { events } = (await api.quarantine({ stream: 'text' })).body;
    const refused = events.map(({ reason, raw, raw_base64 }) => [reason, raw ?? raw_base64]);
    expect(refused.sort()).toEqual(
      [
        ['not_syslog', JSON_LINE],
        ['not_syslog', 'just words'],
        ['not_syslog', LATIN.toString('base64')],
        ['bad_timestamp', '<34>1 cut'],
      ].sort(),
    );
    expect(await sendNamed(running, 'plain', bodyOf(LINES))).toMatchObject({ stored: 5, quarantined: 0 });
    expect(await sendNamed(running, 'json', bodyOf(LINES))).toMatchObject({ stored: 1, quarantined: 4 });
    expect((await api.ledger()).body.residue).toBe(0);
  });

  it.each(['worker.after-state:1', 'worker.after-insert:1', 'tier.after-plain-lines:1'])(
    'are found once, parsed alike, after the process died at %s',
    async (point) => {
      appliance = await startAppliance();
      await appliance.restart({ ALLUVIUM_FAULT_POINTS: point });
      const api = new ApiClient(appliance);
      const lines = Array.from({ length: 3_000 }, (_, n) =>
        n % 3 === 0 ? `line ${n}` : `<13>Nov 20 05:00:00 h a[${n}]: line ${n}`,
      );
      await sendText(api, lines, 0).catch(() => undefined);
      await appliance.exited;
      await appliance.restart();
      expect(await sendText(api, ['<13>Nov 20 05:00:00 h last: of all'])).toMatchObject({ status: 200 });
      const { logs, total } = (await api.logs({ stream: 'text', ...YEARS })).body;
      expect([total, new Set(logs.map((event) => event['raw'] ?? event['message'])).size]).toEqual([
        3_001, 3_001,
      ]);
      expect(logs.filter(({ attributes }) => attributes?.['parser'] === 'syslog')).toHaveLength(2_001);
      expect((await api.ledger()).body.residue).toBe(0);
    },
  );
});
