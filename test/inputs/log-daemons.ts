import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTALL = join(import.meta.dirname, '../../tools/install-log-daemons.sh');
const run = promisify(execFile);

/** Milliseconds that a daemon may take to end in order. */
const END_MS = 10_000;

/** Where Debian's daemons lie, unpacked. */
export interface LogDaemons {
  readonly tree: string;
  /** Of their shared libraries. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder of libraries of this kind of machine, such as `x86_64-linux-gnu`. */
  readonly libraries: string;
}

/** Unpacks the daemons where they aren't there yet. */
export async function installLogDaemons(): Promise<LogDaemons> {
  const tree = (await run(INSTALL)).stdout.trim();
  const machine = (await readdir(join(tree, 'usr/lib'))).find((name) => name.endsWith('linux-gnu')) ?? '';
  const libraries = join(tree, 'usr/lib', machine);
  const path = [libraries, join(tree, 'lib', machine), join(tree, 'usr/lib/syslog-ng')].join(':');
  return {
    tree,
    libraries,
    env: { ...process.env, LD_LIBRARY_PATH: path, SYSLOGNG_PREFIX: join(tree, 'usr') },
  };
}

/** A daemon that runs in a folder of its own and reads `app.log` there. */
export class RunningDaemon {
  #child: ChildProcess | undefined;
  #output = '';

  constructor(
    readonly directory: string,
    private readonly command: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  start(): void {
    const [program = '', ...parameters] = this.command;
    const child = spawn(program, parameters, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream
        .setEncoding('utf8')
        .on('data', (text: string) => (this.#output = (this.#output + text).slice(-10_000)));
    this.#child = child;
  }

  /** What it said. */
  get output(): string {
    return this.#output;
  }

  /** Writes lines for it to forward. */
  write(lines: readonly string[]): Promise<void> {
    return appendFile(join(this.directory, 'app.log'), lines.map((line) => `${line}\n`).join(''));
  }

  /** Ends it, and removes its folder. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await ended;
      clearTimeout(late);
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function makeFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-daemon-'));
  await mkdir(join(directory, 'work'));
  await writeFile(join(directory, 'app.log'), '');
  return directory;
}

/** Starts rsyslog with an action, which forwards what is written to `app.log` as the program `app`. */
export async function startRsyslog(
  { tree, libraries, env }: LogDaemons,
  { action, globals = '' }: { readonly action: string; readonly globals?: string },
): Promise<RunningDaemon> {
  const directory = await makeFolder();
  const config = `
global(workDirectory="${directory}/work" ${globals})
module(load="imfile" mode="inotify")
input(type="imfile" File="${directory}/app.log" Tag="app:" freshStartTail="off")
action(type="omfwd" target="127.0.0.1" ${action} action.resumeRetryCount="-1" action.resumeInterval="1")
`;
  await writeFile(join(directory, 'rsyslog.conf'), config);
  const files = ['-f', join(directory, 'rsyslog.conf'), '-i', join(directory, 'pid')];
  const program = join(tree, 'usr/sbin/rsyslogd');
  const daemon = new RunningDaemon(
    directory,
    [program, '-n', '-M', join(libraries, 'rsyslog'), ...files],
    env,
  );
  daemon.start();
  return daemon;
}

/** Starts syslog-ng with a destination. */
export async function startSyslogNg(
  { tree, env }: LogDaemons,
  { destination }: { readonly destination: string },
): Promise<RunningDaemon> {
  const directory = await makeFolder();
  const config = `@version: 3.38
options { keep-hostname(yes); time-reopen(1); };
source app { file("${directory}/app.log" flags(no-parse) program-override("app") follow-freq(0.2)); };
destination alluvium { ${destination}; };
log { source(app); destination(alluvium); };
`;
  await writeFile(join(directory, 'syslog-ng.conf'), config);
  const own = (name: string): string => join(directory, name);
  const files = ['-f', own('syslog-ng.conf'), '-R', own('persist'), '-c', own('ctl'), '-p', own('pid')];
  const modules = `--module-path=${join(tree, 'usr/lib/syslog-ng/3.38')}`;
  const program = join(tree, 'usr/sbin/syslog-ng');
  const daemon = new RunningDaemon(directory, [program, '-F', '--no-caps', modules, ...files], env);
  daemon.start();
  return daemon;
}

/** Runs `loggen`, syslog-ng's load generator, to its end. */
export async function runLoggen({ tree, env }: LogDaemons, parameters: readonly string[]): Promise<void> {
  await run(join(tree, 'usr/bin/loggen'), parameters, { env });
}

/** Runs util-linux's `logger`. */
export async function runLogger(parameters: readonly string[]): Promise<void> {
  await run('logger', parameters);
}
