import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from './support/api-client.js';
import { runCommandLine } from './support/command-line.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const PARSER = 'parser-fridge';
const lineOf = (message: string): string => `2026-11-20T12:00:01Z|ERROR|checkout|${message}`;

let plugins: string;
let appliance: Appliance | undefined;
beforeEach(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-plugins-'));
  await command('new', 'parser', 'fridge');
  await command('trust', PARSER);
});
afterEach(async () => {
  await appliance?.dispose();
  await rm(plugins, { recursive: true, force: true });
});

async function command(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runCommandLine(['plugin', ...args], { cwd: plugins });
  if (code !== 0) throw new Error(`plugin ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}

/** A version that writes every message anew, takes lines of another form too, and is trusted. */
async function writeSecond(): Promise<void> {
  const edit = async (path: string, by: (text: string) => string): Promise<void> => {
    const file = join(plugins, PARSER, path);
    await writeFile(file, by(await readFile(file, 'utf8')));
  };
  await edit('manifest.json', (text) => text.replace('0.1.0', '0.2.0'));
  await edit('parse-line.ts', (text) => text.replace('message }', 'message: `second: ${message}` }'));
  await edit('index.ts', (text) =>
    text.replace(
      'lines.map(parseLine)',
      "lines.map((line) => (Buffer.from(line).includes('short') ? { kind: 'event' as const, event: { message: 'short' } } : parseLine(line)))",
    ),
  );
  await command('trust', PARSER);
}

async function ask(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object | string,
): Promise<Reply> {
  const isText = typeof body === 'string';
  const headers = {
    authorization: `Bearer ${appliance?.adminKey}`,
    ...(body !== undefined && { 'content-type': isText ? 'text/plain' : 'application/json' }),
    ...(isText && { prefer: 'wait=30' }),
  };
  const answer = await fetch(`${appliance?.url}/api/v1${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  return (await answer.json()) as Reply;
}

interface Reply {
  readonly [field: string]: unknown;
  readonly versions?: readonly { readonly version: string; readonly active: boolean }[];
}

const send = (...lines: readonly string[]): Promise<Reply> =>
  ask('POST', '/streams/text/events?parser=fridge', lines.join('\n'));
const active = async (): Promise<string | undefined> =>
  (await ask('GET', '/parsers/fridge/versions')).versions?.find((one) => one.active)?.version;
const messages = async (): Promise<readonly unknown[]> => {
  const { logs } = (await ask('GET', '/logs?stream=text&start_time=2026-11-20T00:00:00Z&limit=1000')) as {
    readonly logs: readonly { readonly message: string }[];
  };
  return logs.map(({ message }) => message).sort();
};

it('shows what a version would change, tries it, switches over and back, through a kill', async () => {
  appliance = await startAppliance({ env: { ALLUVIUM_PLUGINS_DIR: plugins } });
  expect(await send(lineOf('one'), 'a short one', 'nothing')).toMatchObject({ stored: 1, quarantined: 2 });
  expect(await ask('POST', '/parsers/fridge/versions/active/activate', {})).toMatchObject({
    versions: [{ version: '0.1.0', active: true, held: true }],
  });
  await writeSecond();
  await ask('POST', '/plugins/reload');
  expect(await active()).toBe('0.1.0');

  const ofStream = { to: '0.2.0', stream: { name: 'text' } };
  expect(await ask('POST', '/parsers/fridge/diff', ofStream)).toMatchObject({
    counts: { changed: 1, equal: 0 },
    lines: [
      {
        line: lineOf('one'),
        made_of: 'raw',
        outcome: 'changed',
        changes: [{ field: 'message', from: 'one', to: 'second: one' }],
      },
    ],
  });
  expect(await ask('POST', '/parsers/fridge/diff', { to: '0.2.0', quarantine: {} })).toMatchObject({
    counts: { equal: 1, newly_read: 1, newly_refused: 0 },
  });
  expect(await ask('POST', '/parsers/fridge/dry-run', { quarantine: {} })).toMatchObject({
    results: [{ reason: expect.any(String) }, { reason: expect.any(String) }],
  });

  const { id } = await ask('POST', '/parsers/fridge/shadows', { version: '0.2.0', per_mille: 1_000 });
  expect(await send(lineOf('two'))).toMatchObject({ stored: 1 });
  await expect
    .poll(() => ask('GET', '/parsers/fridge/shadows'), { timeout: 20_000 })
    .toMatchObject({
      shadows: [{ counts: { compared: 1, changed: 1 }, differences: [{ line: lineOf('two') }] }],
    });
  await ask('DELETE', `/parsers/fridge/shadows/${String(id)}`);

  await ask('POST', '/parsers/fridge/versions/0.2.0/activate', {});
  expect(await send(lineOf('three'))).toMatchObject({ stored: 1 });
  await ask('POST', '/parsers/fridge/rollback');
  expect(await send(lineOf('four'))).toMatchObject({ stored: 1 });
  await appliance.restart({ ALLUVIUM_PLUGINS_DIR: plugins });
  expect(await active()).toBe('0.1.0');
  expect(await send(lineOf('five'))).toMatchObject({ stored: 1 });
  expect(await messages()).toEqual(['five', 'four', 'one', 'second: three', 'two']);
});

it('loses no line while versions change under load', async () => {
  appliance = await startAppliance({ env: { ALLUVIUM_PLUGINS_DIR: plugins } });
  expect(await send(lineOf('first'))).toMatchObject({ stored: 1 });
  await writeSecond();
  await ask('POST', '/plugins/reload');
  const sending = (async () => {
    for (let n = 0; n < 40; n += 1)
      expect(
        await send(...Array.from({ length: 20 }, (_, at) => lineOf(`line ${n * 20 + at}`))),
      ).toMatchObject({
        stored: 20,
        quarantined: 0,
      });
  })();
  for (let n = 0; n < 6; n += 1)
    expect(await ask('POST', '/parsers/fridge/rollback')).toHaveProperty('versions');
  await sending;
  const all = (await messages()).map((message) => String(message).replace('second: ', ''));
  expect([all.length, new Set(all).size]).toEqual([801, 801]);
  expect((await new ApiClient(appliance).ledger()).body.residue).toBe(0);
});

it('compares and rolls back a parser that an admin declared', async () => {
  appliance = await startAppliance();
  const declare = (pattern: string): Promise<Reply> =>
    ask('PUT', '/parsers/shop', { kind: 'regex', options: { patterns: [pattern] } });
  expect(await declare('^order (?P<order>[0-9]+)$')).toMatchObject({ name: 'shop' });
  expect(await declare('^(?P<what>[a-z]+) (?P<order>[0-9]+)$')).toMatchObject({ name: 'shop' });
  const lines = ['order 7', 'refund 8', 'nothing'];
  expect(await ask('POST', '/parsers/shop/diff', { from: 'before', to: 'active', lines })).toMatchObject({
    from: '1',
    to: '2',
    counts: { equal: 1, changed: 1, newly_read: 1, newly_refused: 0 },
    lines: [{ changes: [{ field: 'attributes.what', to: 'order' }] }, {}, {}],
  });
  expect(await ask('POST', '/parsers/shop/rollback')).toMatchObject({
    versions: [
      { id: '3', active: true },
      { id: '2', before: true },
      { id: '1', active: false },
    ],
  });
  expect(await ask('POST', '/streams/text/events?parser=shop', lines.join('\n'))).toMatchObject({
    stored: 1,
    quarantined: 2,
  });
});
