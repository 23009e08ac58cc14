import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.mjs';
import { kafka } from './kafka.mjs';
import { startEngine } from './start-engine.mjs';

/**
 * Starts a cluster of Kafka, by default of three nodes, each of which may be ended and started on its own. A `directory` that
 * is given is left alone and keeps the data.
 *
 * @throws Error with the end of a node's log where they don't come up
 */
export async function startKafkaCluster({ nodes = 3, directory: given, ports: set, ...options } = {}) {
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'alluvium-kafka-cluster-')));
  const ports = set ?? (await freePorts(nodes * kafka.ports));
  const started = await Promise.allSettled(
    Array.from({ length: nodes }, (_, nth) =>
      startEngine(kafka, { ...options, directory: join(directory, String(nth + 1)), ports, node: nth + 1 }),
    ),
  );
  const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async () => {
    await Promise.all(running.map((node) => node.stop()));
    if (given === undefined) await rm(directory, { recursive: true, force: true });
  };
  const failed = started.find((each) => each.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { nodes: running, variables: running[0].variables, stop };
}
