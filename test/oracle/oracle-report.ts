import type { RequestRecord } from './obligations.js';
import type { Verified } from './verification.js';

/** What a run did, so that a clean result can be told from one that tested nothing. */
export class OracleTally {
  private readonly fires = new Map<string, { planned: number; fired: number }>();
  private readonly requests = { acked: 0, refused: 0, unknown: 0 };
  private ackedEvents = 0;
  private found = 0;

  fired(name: string, didFire: boolean): void {
    const before = this.fires.get(name) ?? { planned: 0, fired: 0 };
    this.fires.set(name, { planned: before.planned + 1, fired: before.fired + (didFire ? 1 : 0) });
  }

  verified(requests: readonly RequestRecord[], found: Verified): void {
    for (const { outcome, count } of requests) {
      this.requests[outcome] += 1;
      this.ackedEvents += outcome === 'acked' ? count : 0;
    }
    this.found += found.stored + found.quarantined;
  }

  /** Events of acknowledged requests that were looked for. */
  get acknowledged(): number {
    return this.ackedEvents;
  }

  /** Faults that were planned and never happened. */
  unfired(): readonly string[] {
    return [...this.fires].filter(([, { fired }]) => fired === 0).map(([name]) => name);
  }

  describe(): string {
    const { acked, refused, unknown } = this.requests;
    const faults = [...this.fires].map(([name, { planned, fired }]) => `${name} ${fired}/${planned}`);
    return [
      `${this.ackedEvents} events acknowledged, ${this.found} found`,
      `requests: ${acked} acknowledged, ${refused} refused, ${unknown} unanswered`,
      `faults fired/planned: ${faults.join(', ')}`,
    ].join('; ');
  }
}
