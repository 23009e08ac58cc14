import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { runCommandLine } from '../support/command-line.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

const GOOD_LINE = '2026-11-20T12:00:01Z|ERROR|checkout|connection reset';
/** Lines with this word make the bad ones do harm. */
const HARM = 'harm';
/** Parsers whose `parse` fails, each in its own way (F19). */
const BAD: Readonly<Record<string, string>> = {
  throws: "throw new Error('oh');",
  loops: 'for (;;);',
  // 2 GB, in many small pieces, in few large ones and outside of JavaScript's heap.
  leaks: 'const kept = []; for (let n = 0; n < 2e9 / 80; n += 1) kept.push({ n: n + 0.5, name: String(n) });',
  allocates: 'globalThis.big = [new Array(2 ** 27).fill(0.5), new Array(2 ** 27).fill({})];',
  buffers: 'globalThis.big = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 27, 1));',
};

let plugins: string;
let appliance: Appliance | undefined;
beforeEach(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-plugins-'));
});
afterEach(async () => {
  await appliance?.dispose();
  await rm(plugins, { recursive: true, force: true });
});

interface Entry {
  readonly name: string;
  readonly state: string;
  readonly version: string | null;
  readonly problems: readonly { readonly what: string; readonly mend: string }[];
}

async function command(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runCommandLine(['plugin', ...args], { cwd: plugins });
  if (code !== 0) throw new Error(`plugin ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}

/** Makes a parser as its author would; `harm` is done at lines with the word. */
async function makeParser(name: string, harm?: string): Promise<void> {
  await command('new', 'parser', name);
  if (harm !== undefined)
    await edit(`parser-${name}/index.ts`, (text) =>
      text
        .replace(
          '(lines) => lines.map(parseLine)',
          '(lines) => (lines.some(isBad) && harm(), lines.map(parseLine))',
        )
        .concat(
          `\nconst isBad = (line: Uint8Array): boolean => Buffer.from(line).includes('${HARM}');\n`,
          `function harm(): void {\n  ${harm}\n}\n`,
        ),
    );
  await command('trust', `parser-${name}`);
}

async function edit(path: string, by: (text: string) => string): Promise<void> {
  const file = join(plugins, path);
  await writeFile(file, by(await readFile(file, 'utf8')));
}

async function start(): Promise<ApiClient> {
  appliance = await startAppliance({ env: { ALLUVIUM_PLUGINS_DIR: plugins } });
  return new ApiClient(appliance);
}

async function ask(method: 'GET' | 'POST', path: string, body?: string): Promise<Record<string, unknown>> {
  const headers = {
    authorization: `Bearer ${appliance?.adminKey}`,
    ...(body !== undefined && { 'content-type': 'text/plain', prefer: 'wait=30' }),
  };
  const answer = await fetch(`${appliance?.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

const sendTo = (parser: string, line: string): Promise<Record<string, unknown>> =>
  ask('POST', `/api/v1/streams/text/events?parser=${parser}`, line);

/** Sends a line and two behind it, one to another parser and one to the same. */
async function sendThree(parser: string, line: string, expected: object): Promise<void> {
  expect(await sendTo(parser, line)).toMatchObject(expected);
  expect(await sendTo('good', GOOD_LINE)).toMatchObject({ stored: 1 });
  expect(await sendTo(parser, GOOD_LINE)).toMatchObject({ stored: 1 });
}

async function entries(path = '/api/v1/plugins', method: 'GET' | 'POST' = 'GET'): Promise<readonly Entry[]> {
  const { plugins: list } = (await ask(method, path)) as { plugins: readonly Entry[] };
  return list.filter(({ name }) =>
    /-(good|broken|old|foreign|throws|loops|leaks|allocates|buffers)$/.test(name),
  );
}

const stateOf = async (name: string): Promise<string | undefined> =>
  (await entries()).find((entry) => entry.name === name)?.state;

it('lets parsers throw, loop and take all memory, while everything else goes on and nothing is lost (F19)', async () => {
  await makeParser('good');
  for (const [name, harm] of Object.entries(BAD)) await makeParser(name, harm);
  const api = await start();
  const load = await new NumberedLoad(api, { stream: 'others' }).open();
  await load.send(50);

  let done = false;
  const others = (async () => {
    for (let n = 0; !done; n += 1) expect((await load.send(20)).status).toBe(202);
  })();
  // Where the test fails before, the appliance ends under it.
  others.catch(() => {});
  for (const name of Object.keys(BAD)) {
    await sendThree(name, GOOD_LINE, { stored: 1 });
    await sendThree(name, `${GOOD_LINE} ${HARM}`, { quarantined: 1 });
  }
  done = true;
  await others;

  expect(await load.differences()).toBe('');
  const { body } = await api.quarantine({ stream: 'text', limit: '100' });
  const refused = body.events.map(({ reason, raw }) => `${reason} ${String(raw)}`).sort();
  expect(refused).toEqual(
    Object.keys(BAD)
      .map((name) => `parser:${name} ${GOOD_LINE} ${HARM}`)
      .sort(),
  );
  for (let n = 0; n < 2; n += 1) await sendTo('loops', HARM);
  expect(await stateOf('parser-loops')).toBe('suspended');
  expect(await sendTo('loops', GOOD_LINE)).toMatchObject({ quarantined: 1 });
  expect(await api.metrics()).toMatch(/^alluvium_plugins\{state="suspended"\} 1$/m);
  await ask('POST', '/api/v1/plugins/reload');
  expect(await sendTo('loops', GOOD_LINE)).toMatchObject({ stored: 1 });
});

it('starts without what is broken, not trusted or of another API, and says how to mend it', async () => {
  await makeParser('good');
  await command('new', 'parser', 'broken');
  await writeFile(join(plugins, 'parser-broken/manifest.json'), '{ "name": 7 }');
  await command('new', 'parser', 'foreign');
  await makeParser('old');
  await edit('parser-old/manifest.json', (text) => text.replace('"apiVersion": 1', '"apiVersion": 2'));
  await start();
  const states = Object.fromEntries((await entries()).map(({ name, state }) => [name, state]));
  expect(states).toEqual({
    'parser-broken': 'broken',
    'parser-foreign': 'untrusted',
    'parser-good': 'loaded',
    'parser-old': 'broken',
  });
  for (const { state, problems } of await entries()) expect(problems.length > 0).toBe(state !== 'loaded');
  expect(await sendTo('good', GOOD_LINE)).toMatchObject({ stored: 1 });
  expect(await sendTo('foreign', GOOD_LINE)).toMatchObject({ code: 'parser_unknown' });
});

it('takes a new version without a restart, and keeps the old one where the new one is bad (F17)', async () => {
  await makeParser('good');
  await start();
  await edit('parser-good/manifest.json', (text) => text.replace('0.1.0', '0.2.0'));
  await edit('parser-good/parse-line.ts', (text) => text.replace('message }', "message: 'changed' }"));
  expect((await entries('/api/v1/plugins/reload', 'POST'))[0]).toMatchObject({
    version: '0.1.0',
    state: 'loaded',
  });

  // Nobody says that it is to be loaded: the list of trust is watched.
  await command('trust', 'parser-good');
  await expect
    .poll(async () => (await entries())[0]?.version, { timeout: 20_000, interval: 200 })
    .toBe('0.2.0');
  expect(await sendTo('good', GOOD_LINE)).toMatchObject({ stored: 1 });
  const { logs } = (await ask('GET', '/api/v1/logs?stream=text&start_time=2026-11-20T00:00:00Z')) as {
    logs: unknown;
  };
  expect(logs).toMatchObject([{ message: 'changed' }]);

  await edit('parser-good/parse-line.ts', (text) => `${text}\nthrow new Error('not this one');\n`);
  await command('trust', 'parser-good');
  const [bad] = await entries('/api/v1/plugins/reload', 'POST');
  expect(bad).toMatchObject({ version: '0.2.0', state: 'loaded' });
  expect(bad?.problems[0]?.what).toMatch(/not this one/);
  expect(await sendTo('good', GOOD_LINE)).toMatchObject({ stored: 1 });

  await command('trust', 'parser-good', '--withdraw');
  await expect.poll(() => stateOf('parser-good'), { timeout: 20_000, interval: 200 }).toBe('untrusted');
  expect(await sendTo('good', GOOD_LINE)).toMatchObject({ code: 'parser_unknown' });
});
