import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnswerJudge,
  exampleRequests,
  type ApiDocument,
  type ExampleRequest,
} from './support/openapi-examples.js';
import { runCommandLine } from './support/command-line.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

/** Answers of one call, read whole. */
interface Read {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Paths of parsers that have versions, which only those from outside have. */
const OF_VERSIONS = /\/parsers\/\{parser\}\/(versions|rollback|diff|shadows)/;

/** Problems that are the right answer here: the job that is there is a replay, which can not be cancelled. */
const REFUSED: Readonly<Record<string, string>> = {
  Jobs_cancel: 'job_not_cancellable',
  // The plan of the example is none that was made here.
  Retention_apply: 'plan_not_found',
  // Nothing is archived here, and no place of other archives is set: test/attached-archives does all of these.
  ...{ Attach_estimate: 'archive_place_unknown', Attach_attach: 'archive_place_unknown' },
  ...{ Attach_find: 'archive_not_attached', Attach_detach: 'archive_not_attached' },
  ...{
    Restore_estimate: 'stream_unknown',
    Restore_begin: 'stream_unknown',
    Trash_undelete: 'stream_unknown',
  },
  // The job is not a backup's.
  Backups_run: 'job_not_found',
  ...{ Restore_find: 'restore_not_found', Restore_unload: 'restore_not_found' },
};

/** A parser that is declared: those of plugins can be neither changed nor deleted. */
const DECLARED = 'to-change';

let appliance: Appliance;
let plugins: string;
let backups: string;
let document: ApiDocument;
/** What stands in paths instead of the examples: things that are there. */
let known: Readonly<Record<string, string>>;

beforeAll(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-plugins-'));
  await plugin('new', 'parser', 'fridge');
  await plugin('trust', 'parser-fridge');
  backups = await mkdtemp(join(tmpdir(), 'alluvium-backups-'));
  appliance = await startAppliance({ env: { ALLUVIUM_PLUGINS_DIR: plugins, ALLUVIUM_BACKUP_DIR: backups } });
  await appendFile(join(plugins, 'parser-fridge/index.ts'), '\n// A second version.\n');
  await plugin('trust', 'parser-fridge');
  await json('POST', '/api/v1/plugins/reload', {});
  document = JSON.parse((await call('GET', '/docs-json')).text) as ApiDocument;
  const event = { message: 'first', level: 'error', service: 'checkout' };
  const sent = await json('POST', '/api/v1/events', event, { prefer: 'wait=10' });
  const key = await json('POST', '/api/v1/keys', { name: 'to-revoke', scopes: ['logs:read'] });
  const page = await json('POST', '/api/v1/logs', { search: 'first' });
  const replay = await json('POST', '/api/v1/quarantine/replay', {});
  const input = { kind: 'syslog', options: { host: '127.0.0.1', udp_port: 0 }, sources: [] };
  const made = await json('POST', '/api/v1/inputs', { name: 'to-change', ...input });
  const files = join(appliance.dataDirectory, 'enrichment');
  await mkdir(files);
  await writeFile(join(files, 'owners.csv'), 'host,owner\nweb-1,shop\n');
  const lookup = { kind: 'lookup', options: { file: 'owners.csv', key_column: 'host' }, field: 'host' };
  const owners = await json('PUT', '/api/v1/enrichments/owners', lookup);
  const hook = { kind: 'webhook', options: { url: 'http://127.0.0.1:9/' } };
  const team = await json('PUT', '/api/v1/notifiers/team', hook);
  const type = { name: 'to-change', title: 'Delivery', description: 'A delivery.', fields: [] };
  await json('POST', '/api/v1/event-types', type);
  const shadow = await json('POST', '/api/v1/parsers/fridge/shadows', { version: 'before' });
  const pattern = { kind: 'regex', options: { patterns: ['^(?P<level>[A-Z]+) '] } };
  await json('PUT', `/api/v1/parsers/${DECLARED}`, pattern);
  for (const keep of ['search 9d -> delete', 'forever'])
    await json('PUT', '/api/v1/retention/policies/tenant', { keep });
  const hold = await json('POST', '/api/v1/holds', { reason: 'a case' });
  const applied = await json('POST', '/api/v1/retention/plan', {});
  await json('POST', '/api/v1/retention/apply', { plan: applied['id'] });
  const [found] = page['logs'] as { event_id: string }[];
  known = {
    event_id: found?.event_id ?? '',
    receipt: String(sent['receipt']),
    id: String(key['id']),
    job: String(replay['job']),
    input: String(made['name']),
    enrichment: String(owners['name']),
    notifier: String(team['name']),
    event_type: type.name,
    shadow: String(shadow['id']),
    policy: 'tenant',
    hold: String(hold['id']),
    plan: String(applied['id']),
    run: String(applied['id']),
  };
});
afterAll(async () => {
  await appliance.dispose();
  for (const folder of [plugins, backups]) await rm(folder, { recursive: true, force: true });
});

async function plugin(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runCommandLine(['plugin', ...args], { cwd: plugins });
  if (code !== 0) throw new Error(`plugin ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}

async function call(method: string, path: string, init: RequestInit = {}): Promise<Read> {
  const headers = { authorization: `Bearer ${appliance.adminKey}`, ...init.headers };
  const answer = await fetch(`${appliance.url}${path}`, { ...init, method, headers });
  const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
  return { status: answer.status, type, text: await answer.text() };
}

async function json(
  method: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const all = { 'content-type': 'application/json', ...headers };
  const { text } = await call(method, path, { headers: all, body: JSON.stringify(body) });
  return JSON.parse(text) as Record<string, unknown>;
}

function send({ method, path, contentType, body, operation }: ExampleRequest): Promise<Read> {
  const parameters = operation.parameters ?? [];
  const examples = new Map(parameters.map(({ name, example }) => [name, String(example ?? '')]));
  const declared = operation.operationId.startsWith('DeclaredParsers_')
    ? { ...known, parser: DECLARED }
    : known;
  const here = OF_VERSIONS.test(path) ? { ...known, parser: 'fridge' } : declared;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(here[name] ?? examples.get(name) ?? ''),
  );
  const query = parameters.filter((one) => one.in === 'query' && 'example' in one);
  const search = new URLSearchParams(
    query.map(({ name, example }): [string, string] => [name, String(example)]),
  ).toString();
  const headers = contentType === undefined ? undefined : { 'content-type': contentType };
  const url = search === '' ? filled : `${filled}?${search}`;
  return call(method, url, { ...(headers && { headers }), ...(body !== undefined && { body }) });
}

/** What is deleted can't be shown any more. */
function deletingLast(requests: readonly ExampleRequest[]): ExampleRequest[] {
  const isDelete = ({ method }: ExampleRequest): number => Number(method === 'DELETE');
  return [...requests].sort((a, b) => isDelete(a) - isDelete(b));
}

describe('each request that the documentation shows', () => {
  it('works, and is answered as the documentation says', async () => {
    const judge = new AnswerJudge(document);
    const requests = deletingLast(exampleRequests(document));
    const wrong: string[] = [];
    for (const request of requests) {
      const answer = await send(request);
      const problems = judge.problems(request.operation, answer);
      const { code } = (answer.status >= 300 ? JSON.parse(answer.text) : {}) as { readonly code?: string };
      if (code !== REFUSED[request.operation.operationId])
        problems.push(`answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      wrong.push(...problems.map((problem) => `${request.title}: ${problem}`));
    }
    expect(wrong).toEqual([]);
    expect(requests.length).toBeGreaterThan(25);
  });

  it('without a key is refused as the documentation says', async () => {
    const judge = new AnswerJudge(document);
    const wrong: string[] = [];
    for (const { method, path, operation } of exampleRequests(document)) {
      if (!('401' in operation.responses)) continue;
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      const answer = await call(method, url, { headers: { authorization: 'Bearer none' } });
      const problems = judge.problems(operation, answer);
      if (answer.status !== 401) problems.push(`answered ${answer.status}`);
      wrong.push(...problems.map((problem) => `${operation.operationId}: ${problem}`));
    }
    expect(wrong).toEqual([]);
  });
});

describe('the judge of these answers', () => {
  it('finds what the documentation does not say', () => {
    const judge = new AnswerJudge(document);
    const operation = document.paths['/api/v1/tenants']?.['get'];
    if (!operation) throw new Error('the operation is gone');
    const type = 'application/json';
    expect(judge.problems(operation, { status: 299, type, text: '{}' })).toEqual([
      'status 299 is not documented',
    ]);
    expect(judge.problems(operation, { status: 200, type: 'text/html', text: '' })).toHaveLength(1);
    expect(judge.problems(operation, { status: 200, type, text: '{"tenants":[{"name":1}]}' })).toEqual([
      '/tenants/0/name must be string',
    ]);
  });
});
