import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeSecrets } from '../../apps/cli/commands/containers/secrets.js';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import { readCompose, type ComposeFile } from './compose-file.js';

const SET_UP = join(import.meta.dirname, '../../docker/set-up');
const run = promisify(execFile);

/** How an engine is started. */
export interface Planned {
  plan(given: object): Promise<object>;
}

/** Resolves when somebody listens on a port of this machine. */
export const answers = (port: number) => (): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(String(socket.destroy().destroyed)));
    socket.once('error', reject);
  });

/** What docker/compose.cluster.yml has, its secrets handed out in a temporary folder, and engines that are started of it. */
export class ClusterRig {
  readonly #running: RunningEngine[] = [];

  private constructor(
    private readonly folder: string,
    readonly compose: ComposeFile,
  ) {}

  static async start(): Promise<ClusterRig> {
    const folder = await mkdtemp(join(tmpdir(), 'alluvium-cluster-'));
    const rig = new ClusterRig(folder, await readCompose('compose.cluster.yml'));
    await makeSecrets(rig.place('secrets'));
    await rig.setUp('hand-out-secrets.mjs', {}, [rig.place('secrets'), rig.place('handed'), 'cluster']);
    return rig;
  }

  /** A path in the temporary folder. */
  place(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Runs a program of docker/set-up. @returns what it printed */
  async setUp(
    name: string,
    given: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): Promise<string> {
    const env = { PATH: process.env['PATH'] ?? '', ...given };
    return (await run(process.execPath, [join(SET_UP, name), ...args], { env })).stdout;
  }

  /** Starts an engine with a port of its own. */
  async startOne(plan: (directory: string, port: number) => Promise<object>): Promise<RunningEngine> {
    const engine = {
      ...{ name: 'cluster', about: '', ports: 1 },
      plan: ({ directory, ports: [port = 0] }: { directory: string; ports: readonly number[] }) =>
        plan(directory, port),
    };
    const started = await startEngine(engine);
    this.#running.push(started);
    return started;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map((engine) => engine.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
