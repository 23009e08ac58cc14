import { readdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenSetup } from './testing/broken-setup.js';

let setup: BrokenSetup;
beforeEach(() => {
  setup = new BrokenSetup();
});
afterEach(() => setup.dispose());

it('has nothing to complain of where all is well, and changes nothing', async () => {
  writeFileSync(join(setup.folder, 'file'), '');
  const findings = await setup.examine();
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(11);
  expect(readdirSync(setup.folder)).toEqual(['file']);
});

describe('settings', () => {
  it('that are wrong are all listed, and the rest is looked at as far as they can be read', async () => {
    const port = await setup.listen(createHttpServer((_, response) => void response.end('hello')));
    const found = await setup.complaints({
      ALLUVIUM_HTTP_PROT: '80',
      ALLUVIUM_ROLES: 'api',
      ALLUVIUM_FLUSH_BYTES: 'much',
      ALLUVIUM_HTTP_PORT: port,
    });
    expect(found.map(({ check, where, mend }) => [check, where, mend])).toEqual([
      ['settings', 'ALLUVIUM_HTTP_PROT', 'Did you mean ALLUVIUM_HTTP_PORT?'],
      ['settings', 'ALLUVIUM_FLUSH_BYTES', expect.stringContaining('the default 32MiB')],
      ['settings', 'ALLUVIUM_ROLES', expect.stringContaining('api,worker,scheduler')],
      ['port', `127.0.0.1:${port}`, expect.any(String)],
    ]);
  });

  it('of a file that is no YAML, or has unknown keys', async () => {
    const file = join(setup.folder, 'settings.yaml');
    writeFileSync(file, 'http: [');
    const [bad] = await setup.complaints({ ALLUVIUM_CONFIG: file });
    expect(bad).toMatchObject({
      check: 'settings',
      where: `ALLUVIUM_CONFIG in ${file}`,
      what: expect.stringContaining('no YAML'),
    });
    writeFileSync(file, 'http: { prot: 80 }');
    expect(await setup.complaint({ ALLUVIUM_CONFIG: file })).toMatchObject({
      where: `http.prot in ${file}`,
      mend: 'Did you mean http.port?',
    });
  });
});
