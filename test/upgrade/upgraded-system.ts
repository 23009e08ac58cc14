import { join } from 'node:path';
import type { Exit } from '../support/appliance-process.js';
import { Appliance } from '../support/start-appliance.js';
import type { SystemUnderTest } from '../oracle/system-under-test.js';

/** An appliance of the last version, whose data directory is this version's from {@link upgrade} on. */
export class UpgradedSystem implements SystemUnderTest {
  private starts = 0;
  private isUpgraded = false;

  private constructor(
    private readonly last: Appliance,
    private readonly next: Appliance,
    private readonly lastStarts: number,
  ) {}

  /** @param lastStarts starts of the last version, after which this one takes over by itself */
  static async prepare(lastStarts = Infinity): Promise<UpgradedSystem> {
    const folder = process.env['ALLUVIUM_LAST_VERSION'];
    if (folder === undefined)
      throw new Error('ALLUVIUM_LAST_VERSION names no build: run npm run test:upgrade.');
    const last = await Appliance.prepare({ command: [join(folder, 'bin/alluvium'), 'start'] });
    const next = await Appliance.prepare({ dataDirectory: last.dataDirectory });
    return new UpgradedSystem(last, next, lastStarts);
  }

  get url(): string {
    return this.present.url;
  }

  get adminKey(): string {
    return this.present.adminKey;
  }

  get exited(): Promise<Exit> {
    return this.present.exited;
  }

  get dataDirectory(): string {
    return this.last.dataDirectory;
  }

  async restart(env?: Readonly<Record<string, string>>): Promise<unknown> {
    this.starts += 1;
    if (this.starts > this.lastStarts) {
      await this.last.kill();
      this.isUpgraded = true;
    }
    return this.present.restart(env);
  }

  /** Ends the last version in order and starts this one. */
  async upgrade(): Promise<void> {
    await this.last.stop();
    this.isUpgraded = true;
    await this.next.restart();
  }

  kill(): Promise<Exit> {
    return this.present.kill();
  }

  stop(signal?: NodeJS.Signals): Promise<Exit> {
    return this.present.stop(signal);
  }

  async dispose(): Promise<void> {
    await this.next.dispose();
    await this.last.dispose();
  }

  private get present(): Appliance {
    return this.isUpgraded ? this.next : this.last;
  }
}
