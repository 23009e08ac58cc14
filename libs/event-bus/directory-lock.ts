import { spawn } from 'node:child_process';
import type { Stats } from 'node:fs';
import { mkdir, open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EventBusError } from './event-bus.errors.js';

/** The file in the directory that `flock` locks; it says who has it. */
export const LOCK_FILE = 'owner.lock';
/** Exit status of `flock -n` when another process has the lock; everything else means that it can't tell. */
const FLOCK_REFUSED = 1;

/**
 * Makes this process the only owner of a directory. The kernel lets go of it when the process ends, however it ends, so
 * there is nothing to clean up after `kill -9`.
 *
 * Two locks, for each sees what the other can't: `flock` on a file in the directory holds between containers that share
 * a volume; an abstract socket named after the directory's inode needs no tool but holds only within one network
 * namespace. Off Linux there are no abstract sockets: `flock` alone, or where that is missing too, a socket in the
 * system's directory for temporary files.
 */
export class DirectoryLock {
  private readonly file: FileHandle;
  private readonly socket: Server;

  private constructor(file: FileHandle, socket: Server) {
    this.file = file;
    this.socket = socket;
  }

  /**
   * Takes the lock; makes the directory when it is missing.
   *
   * @throws EventBusError `directory_in_use`: another process has it, named in the message.
   */
  static async acquire(directory: string): Promise<DirectoryLock> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, LOCK_FILE);
    const file = await open(path, 'a');
    const socket = await listen(lockSocketOf(await stat(directory)));
    if (!socket || !(await flock(file))) {
      socket?.close();
      await file.close();
      throw await inUseError(directory, path);
    }
    await file.truncate();
    await file.write(`process ${process.pid} on ${hostname()}`);
    return new DirectoryLock(file, socket);
  }

  /** Idempotent. */
  async release(): Promise<void> {
    this.socket.close();
    await this.file.close().catch(() => undefined);
  }
}

/** The abstract socket that the owner of a directory listens on. */
export function lockSocketOf({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `\0alluvium-${dev}-${ino}`;
}

/** Undefined where another process listens there. Never keeps the process alive, never accepts anything. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server.unref()));
  });
}

/** The lock belongs to the open file that both processes share, so it stays ours when the tool has ended. */
function flock(file: FileHandle): Promise<boolean> {
  return new Promise((resolve) => {
    const tool = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file.fd] });
    tool.once('error', () => resolve(true));
    tool.once('exit', (code) => resolve(code !== FLOCK_REFUSED));
  });
}

async function inUseError(directory: string, path: string): Promise<EventBusError> {
  const owner = (await readFile(path, 'utf8').catch(() => '')) || 'another process';
  const mend = 'stop that one first, or give this one a data directory of its own (ALLUVIUM_DATA_DIR)';
  return new EventBusError('directory_in_use', `${directory} is in use by ${owner}: ${mend}.`);
}
