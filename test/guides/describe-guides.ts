import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startAppliance } from '../support/start-appliance.js';
import { answerProblems } from './answer-fits.js';
import { readGuidePage, type GuidePage, type RunBlock } from './guide-page.js';
import { makeClone, runBlocks, type BlockRun } from './guide-shell.js';

/** Pages of which no command is run, with the reason. */
const WITHOUT_COMMANDS: Readonly<Record<string, string>> = {
  'docs/guide/query-language.md': 'none ran, its tables are run by test/query-language.integration.spec.ts',
  'docs/guide/aggregation.md': 'none ran, it shows bodies of requests only',
  'docs/guide/clickhouse-server.md':
    'none ran, a server is needed: test/engines/clickhouse-server.engines.spec.ts has one',
  'docs/guide/kafka.md': 'none ran, brokers are needed: test/engines/kafka-secure.engines.spec.ts has them',
  'docs/guide/input-kafka.md':
    'none ran, brokers are needed: test/engines/input-kafka.engines.spec.ts has them',
  'docs/guide/mongodb.md': 'none ran, a server is needed: test/engines/mongodb.engines.spec.ts has one',
  'docs/guide/redis.md': 'none ran, a server is needed: test/engines/redis.engines.spec.ts has one',
  'docs/guide/processes.md': 'none ran, servers are needed: test/engines/processes.engines.spec.ts has them',
  'docs/guide/migrate.md': 'none ran, servers are needed: test/engines/migrate.engines.spec.ts has them',
  'docs/guide/docker.md': 'none ran, a container daemon is needed',
  'docs/guide/distributed.md':
    'none ran, a container daemon is needed: test/docker/distributed.engines.spec.ts runs its settings as plain processes',
  'docs/guide/cluster.md':
    'none ran, a container daemon is needed: test/docker/cluster.engines.spec.ts has its engines as plain processes',
  'docs/guide/documents.md': 'none ran, a MongoDB is needed: test/engines/documents.engines.spec.ts has one',
};

const ROOT = join(import.meta.dirname, '../..');
const PAGE_TIMEOUT_MS = 420_000;

const OF_PLUGINS = /^docs\/guide\/(?:plugin|integrator)/;

/** Pages with commands: README and the guides, those for authors of plugins apart, since theirs take longest. */
export async function guidePages(): Promise<{
  readonly ofPlugins: readonly string[];
  readonly others: readonly string[];
}> {
  const guides = (await readdir(join(ROOT, 'docs/guide'))).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', ...guides.sort().map((name) => `docs/guide/${name}`)];
  return {
    ofPlugins: paths.filter((path) => OF_PLUGINS.test(path)),
    others: paths.filter((path) => !OF_PLUGINS.test(path)),
  };
}

const told: string[] = [];

async function readPage(path: string): Promise<GuidePage> {
  return readGuidePage(await readFile(join(ROOT, path), 'utf8'));
}

/** Runs a page's commands on a machine as its reader has it: a clone, and a server that was just started in it. */
async function runPage(page: GuidePage): Promise<readonly BlockRun[]> {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-guide-'));
  try {
    await makeClone(directory);
    return await runBesideServer(page, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runBesideServer(page: GuidePage, directory: string): Promise<readonly BlockRun[]> {
  const env = { ALLUVIUM_HTTP_PORT: String(await freePort()) };
  const appliance = await startAppliance({ dataDirectory: join(directory, 'data'), env });
  try {
    const place = { directory, url: appliance.url, otherPort: await freePort() };
    return await runBlocks(page.runs, place, PAGE_TIMEOUT_MS - 40_000);
  } finally {
    await appliance.stop();
  }
}

/** What is wrong with a block, for whoever mends the page; empty where nothing is. */
function blockProblems(path: string, block: RunBlock, run: BlockRun): readonly string[] {
  const where = `${path}:${block.line}`;
  if (run.code === undefined) return [`${where}: not reached`];
  if (run.code !== 0) return [`${where}: ended with ${run.code}\n${run.stdout}\n${run.stderr}`];
  const problems = block.answer ? answerProblems(block.answer, run.stdout) : [];
  return problems.length === 0 ? [] : [`${where}: ${problems.join('\n')}\n${run.stdout}`];
}

/** One line of the account that is printed at the end. */
function tell(path: string, { runs, notRun }: GuidePage): void {
  const answers = runs.filter(({ answer }) => answer !== undefined).length;
  const ran = WITHOUT_COMMANDS[path] ?? `${runs.length} ran, ${answers} with their answer`;
  told.push(`${path}: ${ran}; ${notRun.length} not run`);
  told.push(...notRun.map(({ line, reason }) => `  line ${line}: ${reason}`));
}

/** Runs the commands of these pages and compares what they print with what the pages show. */
export function describeGuides(paths: readonly string[]): void {
  afterAll(() => console.log(['Commands of the guides', ...told].join('\n')));

  describe('the commands of the guides', () => {
    it.each(paths)('%s does what it says', doesWhatItSays, PAGE_TIMEOUT_MS);
  });
}

async function doesWhatItSays(path: string): Promise<void> {
  const page = await readPage(path);
  tell(path, page);
  expect({ hasCommands: page.runs.length > 0 }).toEqual({ hasCommands: !(path in WITHOUT_COMMANDS) });
  if (page.runs.length === 0) return;
  const runs = await runPage(page);
  const problems = page.runs.flatMap((block, index) =>
    blockProblems(path, block, runs[index] ?? { code: undefined, stdout: '', stderr: '' }),
  );
  expect(problems.join('\n')).toBe('');
}
