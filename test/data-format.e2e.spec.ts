import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DATA_FORMAT } from '#data-format';
import { ApiClient } from './support/api-client.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

let appliance: Appliance;
afterEach(() => appliance.dispose());

/** Every file below a directory, with its size and when it was changed last. */
async function filesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path} ${size} ${mtimeMs}`;
    }),
  );
}

it('a data directory of a newer version is refused and left as it is, down to each file', async () => {
  appliance = await startAppliance();
  const event = Buffer.from('{"message":"of today"}\n');
  await new ApiClient(appliance).send('default', event, { prefer: 'wait=10' });
  await appliance.stop();
  const path = join(appliance.dataDirectory, 'format.json');
  const format = await readFile(path, 'utf8');
  expect(JSON.parse(format)).toMatchObject({ format: DATA_FORMAT });

  await writeFile(path, `{"format":${DATA_FORMAT + 1},"written_by":"alluvium 2.0.0"}`);
  const before = await filesOf(appliance.dataDirectory);
  const refused = await appliance.restart().catch((error: unknown) => error);
  expect(String(refused)).toMatch(
    new RegExp(`has the format ${DATA_FORMAT + 1}, made by alluvium 2\\.0\\.0.*\\(data_format_newer\\)`),
  );
  expect(await filesOf(appliance.dataDirectory)).toEqual(before);

  await writeFile(path, format);
  await appliance.restart();
  const found = await new ApiClient(appliance).logs({ stream: 'default' });
  expect(JSON.stringify(found)).toContain('of today');
});
