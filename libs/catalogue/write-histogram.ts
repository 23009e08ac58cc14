import { Histogram, type Registry } from 'prom-client';

/** How long commits of a catalogue on a server take, in seconds. */
export function addWriteHistogram(metrics: Registry): Histogram {
  return new Histogram({
    name: 'alluvium_catalogue_write_seconds',
    help: 'Time of a commit of the catalogue on its server, until a majority has it.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  });
}
