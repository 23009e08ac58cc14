import type { Runs } from './time-runs.js';

/** A request as it is sent. */
export interface Question {
  readonly path: string;
  /** JSON; without one it is a GET. */
  readonly body: string | undefined;
}

/** What an appliance is asked over HTTP, each question several times. */
export interface AskJob extends Runs {
  readonly url: string;
  readonly key: string;
  readonly questions: readonly Question[];
}

export interface Answered {
  /** Milliseconds from the first byte of the request to the last of the answer, run by run. */
  readonly times: readonly number[];
  /** The last answer. */
  readonly answer: string;
}
