/** Units, events and bytes, as the API shows them. */
export interface Figures {
  readonly units: number;
  readonly events: number;
  readonly bytes: number;
}

/** A day of a stream. */
export interface Unit extends Omit<Figures, 'units'> {
  readonly stream: string;
  readonly day: string;
  readonly why: string;
  readonly policy: string;
  readonly held_by?: readonly string[];
  readonly kept_in?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly detail?: string;
}

export interface Clock {
  readonly state: string;
  readonly detail?: string;
}

export interface Plan {
  readonly id: string;
  readonly clock: Clock;
  readonly saves_policies: boolean;
  readonly left_for_later: number;
  readonly totals: {
    readonly leaves: Figures;
    readonly held: Figures;
    readonly copies?: Figures;
    readonly evicts?: Figures;
    readonly moves?: Figures;
    readonly storage_before: number;
    readonly storage_after: number;
    readonly cost?: {
      readonly currency: string;
      readonly per_month_before: number;
      readonly per_month_after: number;
      readonly unpriced_tiers: readonly string[];
    };
  };
  readonly leaving: readonly Unit[];
  readonly held: readonly Unit[];
  readonly copying?: readonly Unit[];
  readonly moving?: readonly Unit[];
  readonly expiring?: readonly Unit[];
}

export interface Run {
  readonly id: string;
  readonly by: { readonly kind: string; readonly key_name?: string };
  readonly state: string;
  readonly begun_at: string;
  readonly planned: Figures;
  readonly removed?: Figures;
  readonly kept?: Figures;
  readonly copied?: Figures;
  readonly not_copied?: Figures;
  readonly moved?: Figures;
  readonly not_moved?: Figures;
  readonly read_back?: { readonly gone: number; readonly with_later_events: number; readonly wrong: number };
  readonly error?: string;
  readonly units?: readonly Unit[];
}

export interface Status {
  readonly clock: Clock;
  readonly first_plan_applied_at?: string | null;
  readonly schedule: { readonly next_at?: string | null };
  readonly damaged_archives?: readonly {
    readonly stream: string;
    readonly day: string;
    readonly key: string;
    readonly what: string;
    readonly since: string;
  }[];
  readonly legal_holds?: {
    readonly refused: readonly {
      readonly stream: string;
      readonly key: string;
      readonly detail: string;
      readonly since: string;
    }[];
  };
  readonly table_ttls?: readonly { readonly stream: string; readonly ttl: string }[];
  readonly missing_tiers?: readonly { readonly tier: string; readonly units: number }[];
  readonly lost_units?: readonly {
    readonly stream: string;
    readonly day: string;
    readonly expected: number;
    readonly found: number;
    readonly since: string;
  }[];
  readonly streams: readonly {
    readonly stream: string;
    readonly policy: string;
    readonly keep: string;
    readonly tiers: readonly {
      readonly tier: string;
      readonly stored: Figures;
      readonly overdue: Figures;
      readonly held: Figures;
      readonly oldest_stored: string | null;
      readonly next?: { readonly day: string; readonly leaves_at: string } | null;
    }[];
    readonly archive?: {
      readonly tier: string;
      readonly stored: Figures;
      readonly due: Figures;
      readonly oldest_stored: string | null;
    };
  }[];
}
