import { randomUUID } from 'node:crypto';
import type { HttpClient } from '../../client/http-client.js';
import type { Category } from './categories/category.js';
import { EventSource } from './event-source.js';
import type { Plan } from './plan.js';
import { reportOf, type Report } from './reporting/report.js';
import type { Reporter } from './reporting/reporter.js';
import { batchSize, makeDeliveries } from './sending/batching.js';
import { EventSender } from './sending/event-sender.js';
import type { RunStops } from './sending/run-stops.js';
import { sleep } from './sending/sleep.js';
import { Tally } from './sending/tally.js';
import { TokenClock } from './sending/token-clock.js';

/** What a run works with. */
export interface RunParts {
  readonly plan: Plan;
  readonly categories: readonly Category[];
  readonly http: HttpClient;
  readonly stops: RunStops;
  readonly reporter: Reporter;
}

const SECOND_MS = 1_000;

/**
 * Makes and sends events until the plan is done or the run is stopped, and reports the end in either case.
 *
 * @throws what the sender throws, after the summary
 */
export async function runGenerate(parts: RunParts): Promise<Report> {
  const [total, second] = [new Tally(), new Tally()];
  const { plan, http, stops, reporter } = parts;
  const clock = new TokenClock(plan.pace, { now: () => performance.now(), sleep });
  const sender = new EventSender({ http, tallies: [total, second], run: `generate-${randomUUID()}`, stops });
  const startMs = performance.now();
  const report = (): Report => reportOf(total, performance.now() - startMs);
  const endProgress = reportSeconds(second, (each) => reporter.progress(each, report()));
  try {
    await sendAll(parts, clock, sender);
  } finally {
    endProgress();
    const { seed, pace } = plan;
    reporter.summary(report(), {
      seed,
      askedRate: pace.rate,
      skipped: clock.skipped,
      streams: streamsOf(parts),
    });
  }
  return report();
}

/** As many senders as connections, each with one batch at a time: so the memory of a run does not grow. */
async function sendAll(parts: RunParts, clock: TokenClock, sender: EventSender): Promise<void> {
  const { plan, stops } = parts;
  const source = new EventSource(parts.categories, plan);
  const size = batchSize(plan.pace.rate);
  const streamOf = ({ stream }: { readonly stream: string }): string | undefined =>
    plan.ownStreams ? stream : plan.stream;
  const work = async (): Promise<void> => {
    for (;;) {
      const due = await clock.take(size, stops.soft);
      if (due === 0) return;
      for (const delivery of makeDeliveries(source, due, streamOf)) await sender.deliver(delivery);
    }
  };
  const workers = Array.from({ length: plan.connections }, () =>
    work().catch((error: unknown) => {
      stops.stop();
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Reports each second until the returned function is called. */
function reportSeconds(second: Tally, tell: (report: Report) => void): () => void {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    tell(reportOf(second, nowMs - lastMs));
    second.reset();
    lastMs = nowMs;
  }, SECOND_MS);
  return () => clearInterval(timer);
}

function streamsOf({ plan, categories }: RunParts): readonly string[] {
  if (plan.ownStreams) return [...new Set(categories.map(({ stream }) => stream))];
  return plan.stream === undefined ? [] : [plan.stream];
}
