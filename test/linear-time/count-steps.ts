import { Session, type Profiler } from 'node:inspector';
import { withCosts } from './native-costs.js';

/** Code whose steps count: parsers, and what they share. */
const COUNTED =
  /\/(?:plugins\/parser-[a-z-]+|libs\/plugin-kit|libs\/event-model)\/(?!.*(?:testing\/|\.spec\.))/;

/**
 * Counts the steps of parsers: how often each block of their code is entered, as V8's own coverage counts it, and what
 * the built-in functions cost that they call. The same input takes the same steps each time, on any machine. What is
 * counted has to be imported after the counter was started.
 */
export class StepCount {
  readonly #session = new Session();

  /** @param counted code whose steps count, by its address */
  constructor(private readonly counted = COUNTED) {}

  start(): void {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** The steps that the work takes. */
  of(work: () => void): number {
    const counter = { steps: 0 };
    this.#take();
    withCosts(counter, work);
    return counter.steps + this.#take();
  }

  #take(): number {
    let blocks = 0;
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      blocks = entriesOf(result, this.counted);
    });
    return blocks;
  }
}

function entriesOf(scripts: readonly Profiler.ScriptCoverage[], counted: RegExp): number {
  const ranges = scripts
    .filter(({ url }) => counted.test(url))
    .flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
  return ranges.reduce((entries, { count }) => entries + count, 0);
}
