import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const APPLIANCE = join(import.meta.dirname, '../../bin/alluvium');
const BALLAST = 'ballast';
const MIB = 2 ** 20;
/** Without being root, a name space of its own for users makes mounting possible. */
const IS_ROOT = process.getuid?.() === 0;
const UNSHARE = IS_ROOT ? ['--mount'] : ['--mount', '--user', '--map-root-user'];
const ENTER = IS_ROOT ? ['--mount'] : ['--mount', '--user', '--preserve-credentials'];

/**
 * A real file system of a few MiB, seen only by the processes that are started with {@link command}: it is mounted in a
 * name space that a waiting process holds. The mount ends with that process, and that one ends with this one.
 */
export class SmallDisk {
  private constructor(
    /** Where those processes see it. */
    readonly path: string,
    private readonly holder: ChildProcess,
  ) {}

  static async mount(mebibytes: number): Promise<SmallDisk> {
    const path = await mkdtemp(join(tmpdir(), 'alluvium-disk-'));
    const script = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && echo mounted && read -r _';
    const parameters = [...UNSHARE, 'sh', '-c', script, 'sh', `${mebibytes}m`, path];
    const holder = spawn('unshare', parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface(holder.stdout))
      if (line === 'mounted') return new SmallDisk(path, holder);
    throw new Error(`A file system could not be mounted: unshare ${parameters.join(' ')}`);
  }

  /** Starts the appliance where it sees the disk. */
  get command(): readonly string[] {
    return ['nsenter', '--target', String(this.holder.pid), ...ENTER, '--', APPLIANCE, 'start'];
  }

  /** The same disk as seen by all other processes. */
  get outside(): string {
    return `/proc/${this.holder.pid}/root${this.path}`;
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.outside);
    return bavail * bsize;
  }

  /** Fills it up with a file, but for this many bytes. */
  async fill(leave: number): Promise<void> {
    const ballast = await open(join(this.outside, BALLAST), 'a');
    try {
      for (let over = 1; over > 0;) {
        over = (await this.freeBytes()) - leave;
        if (over > 0) await ballast.write(Buffer.alloc(Math.min(over, 16 * MIB)));
      }
    } finally {
      await ballast.close();
    }
  }

  /** Takes the file away again. */
  async relieve(): Promise<void> {
    await rm(join(this.outside, BALLAST), { force: true });
  }

  /** Ends the name space; processes inside must have ended. */
  async unmount(): Promise<void> {
    const ended = new Promise((resolve) => this.holder.once('exit', resolve));
    this.holder.stdin?.end();
    await ended;
    await rm(this.path, { recursive: true, force: true });
  }
}
