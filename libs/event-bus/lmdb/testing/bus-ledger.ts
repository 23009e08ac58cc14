import { crc32 } from 'node:zlib';
import type { Delivery } from '../../event-bus.port.js';

/** What a killed process asked for and was promised, and whether the log keeps it. */
export class BusLedger {
  /** Checksums of all bodies that were ever handed to `publish`. */
  private readonly sums = new Map<string, number>();
  private readonly batches: string[][] = [];
  private readonly sent = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly removed = new Set<string>();

  get promised(): number {
    return this.sent.size;
  }

  /** Takes a process's output; a last line that was cut off is not among the lines. */
  record(lines: readonly string[]): void {
    for (const line of lines) {
      const [word, ...ids] = line.split(' ').filter((part) => part !== '');
      if (word === 'send') this.recordSend(ids);
      if (word === 'sent') ids.forEach((id) => this.sent.add(id));
      if (word === 'remove') ids.forEach((id) => this.asked.add(id));
      if (word === 'removed') ids.forEach((id) => this.removed.add(id));
    }
  }

  /** Every sentence is a promise broken by what waits in the log; none when all is well. */
  violations(waiting: readonly Delivery[]): readonly string[] {
    const ids = waiting.map(({ block }) => block.header.id);
    const present = new Set<string>(ids);
    return [
      ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} came twice`),
      ...[...this.sent].filter((id) => !present.has(id) && !this.asked.has(id)).map((id) => `${id} is lost`),
      ...[...this.removed].filter((id) => present.has(id)).map((id) => `${id} came after its commit`),
      ...waiting
        .filter((delivery) => !this.isAsSent(delivery))
        .map(({ block }) => `${block.header.id} is altered`),
      ...this.batches
        .filter((batch) => this.isHalf(batch, present))
        .map((batch) => `half of ${batch.join(' ')}`),
    ];
  }

  private recordSend(entries: readonly string[]): void {
    const pairs = entries.map((entry) => entry.split(':') as [string, string]);
    for (const [id, sum] of pairs) this.sums.set(id, Number(sum));
    this.batches.push(pairs.map(([id]) => id));
  }

  private isAsSent({ block }: Delivery): boolean {
    return this.sums.get(block.header.id) === crc32(block.body);
  }

  private isHalf(batch: readonly string[], present: ReadonlySet<string>): boolean {
    const untouched = batch.filter((id) => !this.asked.has(id));
    const found = untouched.filter((id) => present.has(id)).length;
    return found > 0 && found < untouched.length;
  }
}
