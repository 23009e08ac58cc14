import type { CountingTier, SourceMinuteCount, StreamSpec } from '#plugin-kit';

type QuarantineCount = SourceMinuteCount & { readonly stream: string };

/** A tier whose tables are numbers by stream, source and minute of one tenant, changed by hand. */
export class FakeTier implements CountingTier {
  readonly name = 'fake';
  stored: QuarantineCount[] = [];
  quarantined: QuarantineCount[] = [];
  /** How often minutes were counted. */
  minuteCounts = 0;
  /** Called while the engine counts minutes. */
  whileCounting: () => Promise<void> = async () => {};

  async count(stream: StreamSpec): Promise<number> {
    return this.#of(stream).reduce((sum, { events }) => sum + events, 0);
  }

  async countByMinute(stream: StreamSpec): Promise<readonly SourceMinuteCount[]> {
    this.minuteCounts += 1;
    const counts = this.#of(stream);
    await this.whileCounting();
    return counts;
  }

  async countQuarantine(): Promise<readonly QuarantineCount[]> {
    return this.quarantined;
  }

  async prepare(): Promise<void> {}
  async ping(): Promise<void> {}
  async stop(): Promise<void> {}

  #of(stream: StreamSpec): QuarantineCount[] {
    return this.stored.filter((count) => count.stream === stream.name);
  }
}
