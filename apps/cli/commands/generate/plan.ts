import { randomBytes } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { isStreamName, NAME_RULE } from '#event-model';
import { UsageError } from '../../cli-error.js';
import { presentTime, steadyTime, type EventClock } from './event-source.js';
import { DURATION_EXPECTED, parseDuration } from './fields/duration.js';
import { MODES, type ModeName } from './modes.js';
import type { Pace } from './sending/token-clock.js';

/** What the options hold after commander read them. */
export interface GenerateOptions {
  readonly mode: ModeName;
  readonly rate?: number;
  readonly duration?: number;
  readonly events?: number;
  readonly connections?: number;
  readonly categories?: string;
  readonly stream?: string;
  readonly seed?: string;
  readonly startTime?: number;
}

/** A run, with everything decided. */
export interface Plan {
  readonly mode: ModeName;
  readonly pace: Pace;
  readonly connections: number;
  readonly seed: string;
  readonly clock: EventClock;
  /** The file of categories; undefined is the one that comes with the program. */
  readonly categories: string | undefined;
  /** Where all events go; undefined is the key's default stream, or a stream for each category. */
  readonly stream: string | undefined;
  readonly ownStreams: boolean;
}

/**
 * Decides what the options leave open. A number of events or a duration that is given stands in for what the mode has of
 * the two.
 *
 * @throws UsageError where options don't go together.
 */
export function makePlan(options: GenerateOptions, now: () => number = Date.now): Plan {
  const mode = MODES[options.mode];
  checkStream(options, mode.streams);
  const isLimited = options.duration !== undefined || options.events !== undefined;
  const pace = {
    rate: options.rate ?? mode.rate,
    durationMs: isLimited ? options.duration : mode.durationMs,
    events: isLimited ? options.events : mode.events,
  };
  return {
    mode: options.mode,
    pace,
    connections: options.connections ?? mode.connections,
    seed: options.seed ?? randomBytes(4).toString('hex'),
    clock: clockOf(options, pace, now()),
    categories: options.categories,
    stream: options.stream,
    ownStreams: mode.streams,
  };
}

function clockOf({ mode, startTime }: GenerateOptions, { rate, events }: Pace, nowMs: number): EventClock {
  const { spreadMs } = MODES[mode];
  if (startTime !== undefined) return steadyTime(startTime, rate === undefined ? 1 : 1_000 / rate);
  if (spreadMs === undefined || events === undefined) return presentTime;
  return steadyTime(nowMs - spreadMs, spreadMs / events);
}

function checkStream({ stream }: GenerateOptions, ownStreams: boolean): void {
  if (stream === undefined) return;
  if (ownStreams)
    throw new UsageError(
      '--stream and --mode multi do not go together: each category names its own stream.',
      'Leave out --stream, or write the streams into the file of --categories.',
    );
  if (!isStreamName(stream))
    throw new UsageError(`"${stream}" can not be the name of a stream.`, `Write ${NAME_RULE}.`);
}

/** Reads a number of events a second. */
export function readRate(text: string): number {
  const rate = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (rate > 0) return rate;
  throw new InvalidArgumentError('It is a number of events a second, above 0.');
}

/** Reads a duration as milliseconds. */
export function readDuration(text: string): number {
  const ms = parseDuration(text) ?? 0;
  if (ms > 0) return ms;
  throw new InvalidArgumentError(`It is ${DURATION_EXPECTED}.`);
}

/** Reads a whole number from 1 to a limit. */
export function readCount(limit: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,12}$/.test(text) ? Number(text) : 0;
    if (count >= 1 && count <= limit) return count;
    throw new InvalidArgumentError(`It is a whole number from 1 to ${limit}.`);
  };
}

/** Reads an RFC 3339 time as milliseconds since the epoch. */
export function readTime(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError('It is a time such as 2026-11-20T08:00:00Z.');
}
