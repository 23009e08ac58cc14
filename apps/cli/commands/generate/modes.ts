/** What a mode does unless an option says otherwise. */
export interface Mode {
  /** A line of the help. */
  readonly description: string;
  /** Events a second; undefined is as fast as the connections go. */
  readonly rate: number | undefined;
  readonly durationMs: number | undefined;
  readonly events: number | undefined;
  readonly connections: number;
  /** Milliseconds back from now over which the events' times are spread; undefined: each has the time it is made at. */
  readonly spreadMs: number | undefined;
  /** Each category has a stream of its own. */
  readonly streams: boolean;
}

const MINUTE_MS = 60_000;

/** What the modes have alike. */
const PLAIN = { durationMs: undefined, events: undefined, spreadMs: undefined, streams: false } as const;

/** The ways to generate, by their names. */
export const MODES = {
  quick: {
    ...PLAIN,
    description: '5,000 events spread over the last hour, at once: something to search',
    rate: undefined,
    events: 5_000,
    spreadMs: 60 * MINUTE_MS,
    connections: 2,
  },
  sustained: {
    ...PLAIN,
    description: 'a steady rate: 1,000 events a second for a minute',
    rate: 1_000,
    durationMs: MINUTE_MS,
    connections: 4,
  },
  'load-test': {
    ...PLAIN,
    description: 'as fast as 8 connections go, for a minute',
    rate: undefined,
    durationMs: MINUTE_MS,
    connections: 8,
  },
  multi: {
    ...PLAIN,
    description: 'as sustained, but each category to a stream of its own, with its own event type',
    rate: 1_000,
    durationMs: MINUTE_MS,
    connections: 4,
    streams: true,
  },
} as const satisfies Readonly<Record<string, Mode>>;

export type ModeName = keyof typeof MODES;

/** The names, in the order of the help. */
export const MODE_NAMES = Object.keys(MODES) as readonly ModeName[];
