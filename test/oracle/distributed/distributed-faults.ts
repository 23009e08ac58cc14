import { pause } from '../../support/appliance-process.js';
import { createSeededRandom, type SeededRandom } from '../../support/seeded-random.js';
import type { DistributedEngines, EngineNode } from './engines.js';
import { coordinatorOf, flushRedis, primaryOf, stormOfMembers } from './engine-questions.js';
import type { Member } from './member.js';
import type { DistributedRig } from './rig.js';

/** A fault, and its end: resolves when all that was taken away is there again. */
export interface DistributedFault {
  readonly name: string;
  readonly about: string;
  inflict(rig: DistributedRig, random: SeededRandom): Promise<void>;
}

/** A seat that nobody renews is free after 30 s; whoever waits looks each second. */
const TAKES_OVER_MS = 60_000;
const LONGEST_OUTAGE_MS = 2_500;
const CUTS = 8;
const STORM_MS = 6_000;
/** Shorter than the time after which a worker gives its seat up. */
const HELD_MS = 6_000;

/** In the order in which `--help` lists them. */
export const DISTRIBUTED_FAULTS: readonly DistributedFault[] = [
  {
    name: 'api',
    about: 'kill -9 of an api',
    inflict: ({ members }, random) => killMember(pickOf(members, 'api', random), random),
  },
  {
    name: 'worker',
    about: 'kill -9 of the worker that runs jobs, which is started again',
    inflict: (rig, random) => killMember(rig.workers.leading, random),
  },
  {
    name: 'takeover',
    about: 'kill -9 of the worker that runs jobs, until the other one has its place',
    inflict: async (rig) => {
      const { leading, other } = rig.workers;
      await leading.kill();
      await mustTakeOver(other);
      await leading.start();
    },
  },
  {
    name: 'zombie',
    about: 'the worker that runs jobs is frozen until the other one has its place, then goes on',
    inflict: async (rig) => {
      const { leading, other } = rig.workers;
      process.kill(leading.pid, 'SIGSTOP');
      await mustTakeOver(other);
      const ended = leading.expectEnd();
      process.kill(leading.pid, 'SIGCONT');
      const exit = await ended;
      if (exit.signal !== 'SIGKILL') throw new Error(`${leading.name} ended with code ${exit.code}`);
      await leading.start();
    },
  },
  {
    name: 'other-worker',
    about: 'kill -9 of the worker that runs no jobs',
    inflict: (rig, random) => killMember(rig.workers.other, random),
  },
  {
    name: 'scheduler',
    about: 'kill -9 of the scheduler',
    inflict: ({ scheduler }, random) => killMember(scheduler, random),
  },
  {
    name: 'broker',
    about: 'kill -9 of a broker of Kafka',
    inflict: ({ engines }, random) => killEngine(pickNode(engines.brokers, random), random),
  },
  {
    name: 'coordinator',
    about: "kill -9 of the broker that coordinates the worker's group",
    inflict: async ({ engines }, random) => killEngine(await coordinatorOf(engines), random),
  },
  {
    name: 'rebalances',
    about: 'strangers join the groups of the topic and leave again, each second for 6 s',
    inflict: ({ engines }) => stormOfMembers(engines, STORM_MS),
  },
  {
    name: 'primary',
    about: 'kill -9 of the primary of MongoDB',
    inflict: async ({ engines }, random) => killEngine(await primaryOf(engines), random),
  },
  {
    name: 'mongodb',
    about: 'kill -9 of every member of MongoDB',
    inflict: async ({ engines }, random) => {
      await Promise.all(engines.mongodb.map((node) => node.kill()));
      await pause(random.below(LONGEST_OUTAGE_MS));
      // The first one to start asks for the others.
      await Promise.all(engines.mongodb.map((node) => node.start()));
      await primaryOf(engines);
    },
  },
  ...(['clickhouse', 'redis', 's3'] as const).map((name): DistributedFault => ({
    name,
    about: `kill -9 of ${name}`,
    inflict: ({ engines }, random) => killEngine(pickNode(engines[name], random), random),
  })),
  {
    name: 'flush',
    about: 'FLUSHALL of Redis',
    inflict: async ({ engines }) => flushRedis(engines.settings),
  },
  {
    name: 'held',
    about: 'ClickHouse, or a broker, is frozen for 6 s',
    inflict: async ({ engines }, random) => {
      const node = pickNode([...engines.clickhouse, ...engines.brokers.slice(0, 1)], random);
      node.signal('SIGSTOP');
      await pause(HELD_MS);
      node.signal('SIGCONT');
    },
  },
  {
    name: 'cut',
    about: 'connections to an engine are cut, eight times in a few seconds',
    inflict: ({ engines }, random) => repeatedly(random, () => cutAll(pickEngine(engines, random))),
  },
  {
    name: 'lost-answers',
    about: 'answers of an engine are lost with their connections, eight in a few seconds',
    inflict: ({ engines }, random) =>
      repeatedly(random, () => pickNode(pickEngine(engines, random), random).proxy.loseAnswer()),
  },
];

/** The faults of a run, the same for the same seed; each of them has its turn before any has its second. */
export function planDistributed(
  rounds: number,
  seed: number,
  faults = DISTRIBUTED_FAULTS,
): readonly DistributedFault[] {
  const random = createSeededRandom(seed, 0xd157);
  const plan: DistributedFault[] = [];
  while (plan.length < rounds) plan.push(...shuffle(faults, random));
  return plan.slice(0, rounds);
}

function shuffle<T>(of: readonly T[], random: SeededRandom): T[] {
  const drawn = of.map((each) => [random.next(), each] as const);
  return drawn.sort(([a], [b]) => a - b).map(([, each]) => each);
}

async function killMember(member: Member, random: SeededRandom): Promise<void> {
  await member.kill();
  await pause(random.below(LONGEST_OUTAGE_MS));
  await member.start();
}

async function killEngine(node: EngineNode, random: SeededRandom): Promise<void> {
  await node.kill();
  await pause(random.below(LONGEST_OUTAGE_MS));
  await node.start();
}

async function mustTakeOver(other: Member): Promise<void> {
  if (!(await other.takesOver(TAKES_OVER_MS)))
    throw new Error(`${other.name} did not take over within ${TAKES_OVER_MS} ms`);
}

function pickEngine(engines: DistributedEngines, random: SeededRandom): readonly EngineNode[] {
  const { brokers, mongodb, clickhouse, redis } = engines;
  return random.pick([brokers, mongodb, clickhouse, redis]);
}

function cutAll(nodes: readonly EngineNode[]): void {
  for (const node of nodes) node.proxy.cut();
}

async function repeatedly(random: SeededRandom, act: () => void): Promise<void> {
  for (let nth = 0; nth < CUTS; nth += 1) {
    await pause(random.below(800));
    act();
  }
}

function pickNode(nodes: readonly EngineNode[], random: SeededRandom): EngineNode {
  const node = nodes[random.below(nodes.length)];
  if (!node) throw new Error('There is no such engine.');
  return node;
}

function pickOf(members: readonly Member[], role: Member['role'], random: SeededRandom): Member {
  const found = members.filter((member) => member.role === role);
  const member = found[random.below(found.length)];
  if (!member) throw new Error(`There is no ${role}.`);
  return member;
}
