import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Appliance, startAppliance } from './start-appliance.js';

/** A program that behaves like the appliance's start: key file, one line with the address, a health route. */
const FAKE = `
const http = require('node:http'), fs = require('node:fs');
if (process.env.FAKE_FAIL) { console.error('setting X is wrong'); process.exit(3); }
let asked = 0;
fs.writeFileSync(process.env.ALLUVIUM_DATA_DIR + '/admin.key', 'alv_fake_key\\n');
const s = http.createServer((q, r) => { r.statusCode = q.url === '/health/ready' && asked++ < 2 ? 503 : 200; r.end(JSON.stringify(process.env)); });
s.listen(Number(process.env.ALLUVIUM_HTTP_PORT), '127.0.0.1', () => console.log('Alluvium is ready at http://127.0.0.1:' + s.address().port + '/ … admin key in x'));
process.on('SIGTERM', () => process.exit(0));
`;

const command = [process.execPath, '-e', FAKE];
const running: Appliance[] = [];

async function start(options = {}): Promise<Appliance> {
  const appliance = await startAppliance({ command, ...options });
  running.push(appliance);
  return appliance;
}

describe('start appliance', () => {
  afterEach(async () => {
    for (const appliance of running.splice(0)) await appliance.dispose();
  });

  it('is ready with address, key and process id, and passes on only its own settings', async () => {
    process.env['ALLUVIUM_BENCH_DATA'] = 'not for the appliance';
    const appliance = await start({ env: { ALLUVIUM_ROLES: 'api' } });
    const seen = (await (await fetch(appliance.url)).json()) as Record<string, string>;
    expect(seen['ALLUVIUM_DATA_DIR']).toBe(appliance.dataDirectory);
    expect(seen['ALLUVIUM_ROLES']).toBe('api');
    expect(seen).not.toHaveProperty('ALLUVIUM_BENCH_DATA');
    expect(appliance.adminKey).toBe('alv_fake_key');
    expect(appliance.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    delete process.env['ALLUVIUM_BENCH_DATA'];
  });

  it('tells an orderly end from a kill and starts again on the same data', async () => {
    const appliance = await start();
    const [first, directory] = [appliance.pid, appliance.dataDirectory];
    expect(await appliance.stop()).toEqual({ code: 0, signal: null });
    await appliance.restart();
    expect(appliance.pid).not.toBe(first);
    expect(appliance.dataDirectory).toBe(directory);
    expect(await appliance.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(appliance.isRunning).toBe(false);
  });

  it('fails with what was printed when it does not start, and leaves nothing behind', async () => {
    await expect(start({ env: { FAKE_FAIL: '1' } })).rejects.toThrow(/code 3[\s\S]*setting X is wrong/);
    await expect(start({ command: ['/nonexistent/program'] })).rejects.toThrow(/ENOENT/);
  });

  it('removes the temporary data directory, and only that', async () => {
    const appliance = await start();
    await appliance.dispose();
    expect(existsSync(appliance.dataDirectory)).toBe(false);
  });
});
