import type { Exit } from '../support/appliance-process.js';

/** What the oracle needs of a system of any edition: where it is, and how to fault it. An `Appliance` is one. */
export interface SystemUnderTest {
  readonly url: string;
  readonly adminKey: string;
  readonly exited: Promise<Exit>;
  /** Starts it on the data that it has; resolves when ready, rejects (`StartError`) when it ended before. */
  restart(env?: Readonly<Record<string, string>>): Promise<unknown>;
  kill(): Promise<Exit>;
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}
