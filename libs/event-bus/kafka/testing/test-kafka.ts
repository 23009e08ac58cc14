import { kafka } from '../../../../tools/engines/kafka.mjs';
import { startEngine, type RunningEngine } from '../../../../tools/engines/start-engine.mjs';

/** A Kafka for tests. */
export interface TestKafka {
  readonly brokers: readonly string[];
  /** The process; undefined where `KAFKA_BROKERS` names brokers that run elsewhere. */
  readonly engine: RunningEngine | undefined;
  stop(): Promise<void>;
}

/** The brokers that `KAFKA_BROKERS` names; else one of this test run's own. */
export async function startTestKafka(): Promise<TestKafka> {
  const { KAFKA_BROKERS: set } = process.env;
  if (set !== undefined) return { brokers: set.split(','), engine: undefined, stop: async () => undefined };
  const engine = await startEngine(kafka);
  const brokers = String(engine.variables['KAFKA_BROKERS']).split(',');
  return { brokers, engine, stop: () => engine.stop() };
}
