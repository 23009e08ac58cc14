import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { LineRange } from './oracle-bodies.js';

/**
 * What the sender knows of a request. `acked`: it was answered 2xx, every line is owed. `refused`: it was answered
 * with an error that promises nothing was written. `unknown`: no answer; all of it may be there, or none.
 */
export type Outcome = 'acked' | 'refused' | 'unknown';

export interface RequestRecord extends LineRange {
  readonly outcome: Outcome;
  /** Where the request carried an Idempotency-Key: it may be sent again until it is answered. */
  readonly idempotencyKey?: string;
  readonly receipt?: string;
}

const sync = promisify(fdatasync);

/**
 * The obligations of the system under test, in a file outside of it. An acknowledgement counts only after its line is
 * on the disk; acknowledgements that arrive together share one sync.
 */
export class ObligationFile {
  private readonly file: number;
  private waiting: string[] = [];
  private syncing: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(path: string) {
    this.file = openSync(path, 'a');
  }

  /** Resolves when the record would survive a power loss. */
  async record(request: RequestRecord): Promise<void> {
    this.waiting.push(`${JSON.stringify(request)}\n`);
    this.next ??= this.writeAfter(this.syncing);
    await this.next;
  }

  close(): void {
    closeSync(this.file);
  }

  private async writeAfter(before: Promise<void> | undefined): Promise<void> {
    await before;
    const lines = this.waiting.join('');
    this.waiting = [];
    this.syncing = this.next;
    this.next = undefined;
    writeSync(this.file, lines);
    await sync(this.file);
  }
}
