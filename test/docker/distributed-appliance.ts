import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { makeSecrets } from '../../apps/cli/commands/containers/secrets.js';
import { Appliance } from '../support/start-appliance.js';
import { startHaproxy, type RunningProxy } from '../support/start-haproxy.js';
import { readCompose, type ComposeFile } from './compose-file.js';
import { startDistributedEngines, type DistributedEngines } from './distributed-engines.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What docker/compose.distributed.yml has, as plain processes on loopback: its own settings, with hosts and folders replaced. */
export class DistributedAppliance {
  private readonly processes = new Map<string, Appliance>();
  private engines: DistributedEngines | undefined;
  private proxy: RunningProxy | undefined;

  private constructor(
    readonly folder: string,
    private readonly compose: ComposeFile,
  ) {}

  /** Starts engines, sets them up, and starts the processes and the proxy before them, in the order of the compose file. */
  static async start(): Promise<DistributedAppliance> {
    const folder = await mkdtemp(join(tmpdir(), 'alluvium-distributed-'));
    const appliance = new DistributedAppliance(folder, await readCompose('compose.distributed.yml'));
    try {
      await appliance.startAll();
      return appliance;
    } catch (error) {
      await appliance.stop();
      throw error;
    }
  }

  private async startAll(): Promise<void> {
    await makeSecrets(this.place('secrets'));
    await this.handOut();
    this.engines = await startDistributedEngines(this.place('handed'));
    await this.setUp('make-mongodb-users.mjs', [], this.mongodbEnvironment());
    await this.setUp('make-bucket.mjs', [], this.environmentOf('bucket'));
    await (await this.prepare('api-1')).restart();
    const others = ['api-2', 'worker', 'scheduler'];
    await Promise.all(others.map(async (name) => (await this.prepare(name)).restart()));
    const urlOf = (name: string): string => this.process(name).url;
    this.proxy = await startHaproxy(this.folder, { 'api-1': urlOf('api-1'), 'api-2': urlOf('api-2') });
  }

  /** Where clients come. */
  get proxied(): string {
    return this.proxy?.url ?? '';
  }

  /** A path in the temporary folder. */
  place(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** A process that was prepared. */
  process(name: string): Appliance {
    const found = this.processes.get(name);
    if (!found) throw new Error(`There is no process ${name}.`);
    return found;
  }

  /** What the compose file gives a service, on this machine. */
  environmentOf(service: string, secrets = 'alluvium'): Record<string, string> {
    const given = Object.entries(this.compose.services[service]?.environment ?? {});
    const here = (text: string): string => this.engines?.here(text) ?? text;
    return Object.fromEntries(
      given.map(([name, value]) => [
        name,
        here(String(value)).replace('/run/secrets', this.place('handed', secrets)),
      ]),
    );
  }

  mongodbEnvironment(): Record<string, string> {
    return {
      ...this.environmentOf('mongodb-users', 'mongodb-users'),
      MONGODB_LOCAL_URI: this.engines?.here('mongodb://mongodb:27017/?directConnection=true') ?? '',
      MONGODB_MEMBERS: this.engines?.here('mongodb:27017') ?? '',
    };
  }

  /** Runs a program of docker/set-up. @returns what it printed */
  async setUp(name: string, args: readonly string[], given: Record<string, string> = {}): Promise<string> {
    const env = { PATH: process.env['PATH'] ?? '', ...given };
    return (await run(process.execPath, [join(ROOT, 'docker/set-up', name), ...args], { env })).stdout;
  }

  handOut(): Promise<string> {
    return this.setUp('hand-out-secrets.mjs', [this.place('secrets'), this.place('handed')]);
  }

  /** A process with the settings of a service, which isn't started yet. */
  async prepare(name: string, service = name): Promise<Appliance> {
    await mkdir(this.place(name));
    const options = { dataDirectory: this.place(name), startTimeoutMs: 90_000 };
    const appliance = await Appliance.prepare({ ...options, env: this.environmentOf(service) });
    this.processes.set(name, appliance);
    return appliance;
  }

  /** Asks by the proxy, or a process, as an admin; waits until events are stored. */
  async ask(
    path: string,
    json?: unknown,
    url = this.proxied,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const asked = json !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify(json),
    };
    const authorization = `Bearer ${this.process('api-1').adminKey}`;
    const headers = { authorization, ...(asked && asked.headers) };
    const answer = await fetch(`${url}${path}`, { ...asked, headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** Keys of everything in the bucket. */
  async objects(): Promise<readonly string[]> {
    const { S3_ENDPOINT: endpoint = '', S3_BUCKET: Bucket = '' } = this.environmentOf('worker');
    const secretAccessKey = (await readFile(this.place('secrets/s3_secret_key'), 'utf8')).trim();
    const client = new S3Client({
      ...{ endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: 'alluvium', secretAccessKey },
    });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async stop(): Promise<void> {
    await this.proxy?.stop();
    await Promise.all([...this.processes.values()].map((each) => each.kill()));
    await this.engines?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
