import type { ParquetFile, ParquetQuery, ScanPiece, ScanQuery } from '#plugin-kit';

/** What a tier does for exports: it gives its events, or fails, and keeps what it was asked. */
export class ExportingTier {
  readonly scans: ScanQuery[] = [];
  readonly parquets: ParquetQuery[] = [];
  /** The events of each piece. */
  events: object[][] = [
    [{ event_id: 'x-0', level: '=1', attributes: { a: 1 } }],
    [{ event_id: 'x-1', attributes: {} }, { event_id: 'x-2' }],
  ];
  failure: { readonly afterPieces: number; readonly error: Error } | undefined;
  discarded = 0;

  async *scan(query: ScanQuery): AsyncGenerator<ScanPiece> {
    this.scans.push(query);
    for (const [n, piece] of this.events.entries()) {
      if (this.failure?.afterPieces === n) throw this.failure.error;
      const lines = Buffer.from(piece.map((event) => `${JSON.stringify(event)}\n`).join(''));
      yield { lines, count: piece.length };
    }
    if (this.failure && this.failure.afterPieces >= this.events.length) throw this.failure.error;
  }

  async exportParquet(query: ParquetQuery): Promise<ParquetFile> {
    this.parquets.push(query);
    if (this.failure) throw this.failure.error;
    const read = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('PAR1');
    };
    return { bytes: 4, read, discard: async () => void (this.discarded += 1) };
  }
}
