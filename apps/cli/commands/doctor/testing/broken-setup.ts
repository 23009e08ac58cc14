import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryLock } from '#event-bus';
import { examine } from '../examine.js';
import type { Finding } from '../finding.js';
import type { Machine } from '../machine/machine.js';
import { testMachine } from './test-machine.js';

/** What is simulated of the machine. */
export type SimulatedParts = Partial<Machine> & { readonly files?: Readonly<Record<string, string>> };

type Environment = Readonly<Record<string, string>>;

/** A good set-up in a folder of its own, in which a test breaks something. */
export class BrokenSetup {
  /** The data directory, unless a test sets another. */
  readonly folder = mkdtempSync(join(tmpdir(), 'alluvium-doctor-'));
  readonly #ends: (() => unknown)[] = [];

  /** Everything that is found. */
  examine(env: Environment = {}, parts: SimulatedParts = {}): Promise<readonly Finding[]> {
    const base = { ALLUVIUM_DATA_DIR: this.folder, ALLUVIUM_HTTP_PORT: '0' };
    return examine(testMachine({ ...base, ...env }, parts));
  }

  /** What is not fine. */
  async complaints(env: Environment = {}, parts: SimulatedParts = {}): Promise<readonly Finding[]> {
    const findings = await this.examine(env, parts);
    return findings.filter(({ status }) => status !== 'ok');
  }

  /** The one thing that is not fine. */
  async complaint(env: Environment = {}, parts: SimulatedParts = {}): Promise<Finding> {
    const [found, ...others] = await this.complaints(env, parts);
    if (found === undefined || others.length > 0)
      throw new Error(`One complaint was expected: ${JSON.stringify([found, ...others])}`);
    return found;
  }

  /** Has a server listen until the end of the test; returns its port. */
  async listen(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#ends.push(() => new Promise((resolve) => server.close(resolve)));
    return String((server.address() as AddressInfo).port);
  }

  /** A server that answers as an Alluvium of this health would; returns its port. */
  listenAsAlluvium(
    status: string,
    details?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    return this.listen(
      createHttpServer((request, response) => {
        const isLive = request.url === '/health/live';
        response.writeHead(200, headers);
        response.end(JSON.stringify(isLive ? { status: 'up' } : { status, details }));
      }),
    );
  }

  /** Takes the data directory as a server does. */
  async own(): Promise<void> {
    const lock = await DirectoryLock.acquire(this.folder);
    this.#ends.push(() => lock.release());
  }

  /** Ends and removes everything. */
  async dispose(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    rmSync(this.folder, { recursive: true });
  }
}
