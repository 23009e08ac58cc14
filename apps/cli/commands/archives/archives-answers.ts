/** An archive by its numbers, as the API shows it. */
export interface ArchiveFigures {
  readonly name: string;
  readonly place: string;
  readonly stream: string;
  readonly units: number;
  readonly events: number;
  readonly bytes: number;
  readonly oldest_day?: string;
  readonly newest_day?: string;
  readonly signed_by: readonly string[];
}

export interface Estimate extends ArchiveFigures {
  readonly refused: readonly { readonly key: string; readonly reason: string; readonly detail: string }[];
  readonly refused_total: number;
}

export interface Attached extends ArchiveFigures {
  readonly attached_at: string;
}

export interface AttachedList {
  readonly attached: readonly Attached[];
  readonly places: readonly string[];
}
