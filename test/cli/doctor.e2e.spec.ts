import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SmallDisk } from '../faults/small-disk.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const PROGRAM = join(import.meta.dirname, '../../bin/alluvium');
const IS_ROOT = process.getuid?.() === 0;
/** Root without its powers: what belongs to others it can not write. A user of less may not reach the clone. */
const POWERLESS = IS_ROOT ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
/** A user who runs nothing here. */
const NOBODY = 65_534;

interface Found {
  readonly check: string;
  readonly status: string;
  readonly what: string;
  readonly where?: string;
  readonly mend?: string;
}

interface Examination {
  readonly code: number | null;
  readonly output: string;
  /** What is not fine. */
  readonly findings: readonly Found[];
}

interface Call {
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly json?: boolean;
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alluvium-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command with a data directory and a free port of its own. */
function doctor({ env, command = [PROGRAM], json = true }: Call = {}): Promise<Examination> {
  const [program = '', ...first] = command;
  const child = spawn(program, [...first, 'doctor', ...(json ? ['--json'] : [])], {
    env: { PATH: process.env['PATH'], ALLUVIUM_DATA_DIR: folder, ALLUVIUM_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const all = json ? (JSON.parse(output) as { readonly findings: readonly Found[] }).findings : [];
      resolve({ code, output, findings: all.filter(({ status }) => status !== 'ok') });
    });
  });
}

/** Findings of one check; the machine of the test may have warnings of its own. */
const of = ({ findings }: Examination, check: string): readonly Found[] =>
  findings.filter((finding) => finding.check === check);

/** Every file below a directory with its size and time. */
function snapshot(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(directory, name));
      return `${name} ${size} ${mtimeMs}`;
    });
}

describe('a set-up that works', () => {
  it('ends with 0, in words and as JSON, and is left as it was', async () => {
    const { code, output } = await doctor({ json: false });
    expect(code).toBe(0);
    expect(output).toMatch(/^ok +settings +2 given, all right: /);
    expect(output).toMatch(/\n(All is well|0 problems, \d+ warnings?)\.\n$/);
    expect((await doctor()).code).toBe(0);
    expect(snapshot(folder)).toEqual([]);
  });
});

describe('a broken set-up is named with its mend:', () => {
  it('a port that is taken', async () => {
    const server: Server = createServer((socket) => void socket.resume().end('hello\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await doctor({ env: { ALLUVIUM_HTTP_PORT: String(port) } });
    await new Promise((resolve) => server.close(resolve));
    expect(found.code).toBe(1);
    expect(of(found, 'port')).toEqual([
      expect.objectContaining({
        status: 'problem',
        where: `127.0.0.1:${port}`,
        mend: expect.stringContaining('ss -ltnp'),
      }),
    ]);
  });

  it('a disk that is full', async () => {
    const disk = await SmallDisk.mount(64);
    try {
      await disk.fill(0);
      const [data, command] = [join(disk.path, 'data'), disk.command.slice(0, -1)];
      const found = await doctor({ env: { ALLUVIUM_DATA_DIR: data }, command });
      expect(found.code).toBe(1);
      expect(of(found, 'disk')).toEqual([
        expect.objectContaining({
          status: 'problem',
          what: expect.stringContaining('every event would be refused with 503'),
          mend: expect.stringContaining('Free or add space'),
        }),
      ]);
      expect(of(found, 'data directory')[0]).toMatchObject({ what: expect.stringContaining('tmpfs') });
    } finally {
      await disk.unmount();
    }
  });

  it('a directory of another owner', async () => {
    const path = join(folder, 'data');
    mkdirSync(path, { mode: IS_ROOT ? 0o755 : 0o555 });
    if (IS_ROOT) chownSync(path, NOBODY, NOBODY);
    const found = await doctor({ env: { ALLUVIUM_DATA_DIR: path }, command: [...POWERLESS, PROGRAM] });
    expect(found.code).toBe(1);
    expect(of(found, 'data directory')).toEqual([
      expect.objectContaining({ status: 'problem', where: path, mend: expect.stringContaining('chown -R') }),
    ]);
  });

  it('a directory of which the one above is missing', async () => {
    const path = join(folder, 'volume/alluvium');
    const found = await doctor({ env: { ALLUVIUM_DATA_DIR: path } });
    expect(found.code).toBe(0);
    expect(of(found, 'data directory')).toEqual([
      expect.objectContaining({ status: 'warning', where: path, mend: expect.stringContaining('mount it') }),
    ]);
  });

  it('a file of settings that is no YAML, and a misspelt setting beside it', async () => {
    const file = join(folder, 'settings.yaml');
    writeFileSync(file, 'http:\n  port: [\n');
    const found = await doctor({ env: { ALLUVIUM_CONFIG: file, ALLUVIUM_LOG_LVEL: 'debug' } });
    expect(found.code).toBe(1);
    expect(of(found, 'settings').map(({ where, mend }) => [where, mend])).toEqual([
      [`ALLUVIUM_CONFIG in ${file}`, 'Correct the file at that place.'],
      ['ALLUVIUM_LOG_LVEL', 'Did you mean ALLUVIUM_LOG_LEVEL?'],
    ]);
  });

  it('TLS files that are not there, or are none', async () => {
    const key = join(folder, 'key.pem');
    writeFileSync(key, 'no key', { mode: 0o600 });
    const missing = await doctor({
      env: { ALLUVIUM_TLS_CERT: join(folder, 'none.pem'), ALLUVIUM_TLS_KEY: key },
    });
    expect(of(missing, 'settings')[0]?.what).toContain('ENOENT');
    const wrong = await doctor({ env: { ALLUVIUM_TLS_CERT: key, ALLUVIUM_TLS_KEY: key } });
    expect([missing.code, wrong.code]).toEqual([1, 1]);
    expect(of(wrong, 'tls').map(({ mend }) => mend)).toEqual([
      expect.stringContaining('BEGIN CERTIFICATE'),
      expect.stringContaining('BEGIN PRIVATE KEY'),
    ]);
  });

  it('more memory than there is', async () => {
    const found = await doctor({ env: { ALLUVIUM_MEMORY_LIMIT: '60000GiB' } });
    expect(found.code).toBe(1);
    expect(of(found, 'memory')[0]).toMatchObject({ status: 'problem', where: 'ALLUVIUM_MEMORY_LIMIT' });
  });

  it('few open files', async () => {
    const found = await doctor({ command: ['prlimit', '--nofile=512', PROGRAM] });
    expect(found.code).toBe(1);
    expect(of(found, 'open files')[0]).toMatchObject({ mend: expect.stringContaining('LimitNOFILE') });
  });
});

describe('beside a server that runs', () => {
  let appliance: Appliance;
  beforeAll(async () => {
    appliance = await startAppliance();
  });
  afterAll(() => appliance.dispose());

  const port = (): string => new URL(appliance.url).port;

  it('all is well, and nothing is changed', async () => {
    const { dataDirectory: ALLUVIUM_DATA_DIR } = appliance;
    const before = snapshot(join(ALLUVIUM_DATA_DIR, 'bus'));
    const top = readdirSync(ALLUVIUM_DATA_DIR);
    const lock = statSync(join(ALLUVIUM_DATA_DIR, 'owner.lock')).mtimeMs;
    const found = await doctor({ env: { ALLUVIUM_DATA_DIR, ALLUVIUM_HTTP_PORT: port() } });
    expect(found.code).toBe(0);
    expect(found.output).toContain('The running Alluvium has it: process');
    expect(found.output).toContain('It runs, and takes events.');
    expect(snapshot(join(ALLUVIUM_DATA_DIR, 'bus'))).toEqual(before);
    expect(readdirSync(ALLUVIUM_DATA_DIR)).toEqual(top);
    expect(statSync(join(ALLUVIUM_DATA_DIR, 'owner.lock')).mtimeMs).toBe(lock);
  });

  it('a second one on its data directory is named before it is started', async () => {
    const found = await doctor({ env: { ALLUVIUM_DATA_DIR: appliance.dataDirectory } });
    expect(found.code).toBe(1);
    expect(of(found, 'data directory')[0]).toMatchObject({
      status: 'problem',
      what: expect.stringContaining(`process ${appliance.pid} on`),
      mend: expect.stringContaining('ALLUVIUM_DATA_DIR'),
    });
  });

  it('a second one on its port is named too', async () => {
    const found = await doctor({ env: { ALLUVIUM_HTTP_PORT: port() } });
    expect(found.code).toBe(1);
    expect(of(found, 'port')[0]).toMatchObject({
      status: 'problem',
      what: 'An Alluvium with another data directory listens there.',
    });
  });
});
