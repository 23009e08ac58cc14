import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startKafkaCluster, type RunningCluster } from '../../tools/engines/kafka-cluster.mjs';
import { NumberedLoad } from '../faults/numbered-load.js';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const { KAFKA_BROKERS: elsewhere } = process.env;
const seed = Number(process.env['ALLUVIUM_KAFKA_SEED'] ?? randomInt(1_000_000));
const ROUNDS = 3;
const cluster: RunningCluster | undefined = elsewhere === undefined ? await startKafkaCluster() : undefined;
const KAFKA_BROKERS = elsewhere ?? String(cluster?.variables['KAFKA_BROKERS']);
let appliance: Appliance;
afterEach(() => appliance.dispose());
afterAll(() => cluster?.stop());

/** An appliance of its own on the cluster. */
const environment = (): Record<string, string> => ({
  KAFKA_BROKERS,
  KAFKA_TOPIC_PREFIX: `e2e-${randomUUID()}`,
  KAFKA_PARTITIONS: '3',
});

/** Brokers that are alive and known, as metrics say. */
async function brokersAlive(): Promise<readonly number[]> {
  const metrics = await new ApiClient(appliance).metrics();
  const valueOf = (name: string): number =>
    Number(new RegExp(`^alluvium_kafka_${name}{.*} (.*)$`, 'm').exec(metrics)?.[1]);
  return [valueOf('brokers_alive'), valueOf('brokers_known')];
}

/** Numbers that are the same for the same seed. */
function numbersFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe(`the appliance on Kafka, seed ${seed} (ALLUVIUM_KAFKA_SEED)`, () => {
  it('takes, refuses, finds and counts events, and answers a repeat, as on its own log', async () => {
    appliance = await startAppliance({ env: environment() });
    const api = new ApiClient(appliance);
    await api.createStream('events', 'service-log');
    const lines = Array.from({ length: 300 }, (_, n) =>
      JSON.stringify({ level: 'info', message: `request ${n}`, n }),
    );
    const body = Buffer.from(`${[...lines, 'no json'].join('\n')}\n`);
    const headers = { prefer: 'wait=30', 'idempotency-key': 'once' };
    const sent = await api.send('events', body, headers);
    expect(sent.body).toMatchObject({ accepted: 301, stored: 300, quarantined: 1, pending: 0 });
    await appliance.restart();
    const again = await new ApiClient(appliance).send('events', body, { 'idempotency-key': 'once' });
    expect(again.body).toMatchObject({ accepted: 301 });
    const load = await new NumberedLoad(new ApiClient(appliance), { stream: 'numbered' }).open();
    for (let n = 0; n < 4; n += 1) expect((await load.send(500)).status).toBe(202);
    expect(await load.differences()).toBe('');
    await expect(appliance.restart({ KAFKA_BROKERS: '' })).rejects.toThrow(/set KAFKA_BROKERS to it again/);
  });

  it('keeps each acknowledged event once when it is killed in a load', async () => {
    const below = numbersFrom(seed);
    appliance = await startAppliance({ env: environment() });
    const load = await new NumberedLoad(new ApiClient(appliance), { stream: 'killed' }).open();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let n = 0; n < 6; n += 1) await load.send(300);
      const last = load.send(300);
      await pause(below(120));
      await appliance.kill();
      await last;
      await appliance.restart();
    }
    expect(load.acked).toBeGreaterThan(3_000);
    expect(await load.differences()).toBe('');
  });

  it.runIf(cluster)('keeps each acknowledged event once while brokers are killed one by one', async () => {
    const below = numbersFrom(seed);
    appliance = await startAppliance({ env: environment() });
    const load = await new NumberedLoad(new ApiClient(appliance), { stream: 'brokers' }).open();
    const first = below(3);
    for (let round = 0; round < ROUNDS; round += 1) {
      const victim = cluster?.nodes[(first + round) % 3];
      await load.send(300);
      await pause(below(100));
      await victim?.end('SIGKILL');
      if (round === 0) await expect.poll(brokersAlive, { timeout: 30_000 }).toEqual([2, 3]);
      await load.sendUntil(({ status }) => status === 202, 300, 100);
      await victim?.start();
      for (let n = 0; n < 3; n += 1) await load.sendUntil(({ status }) => status === 202, 300, 100);
    }
    expect(await load.differences()).toBe('');
  });
});
