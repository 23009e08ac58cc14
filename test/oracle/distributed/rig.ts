import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../../tools/engines/free-ports.mjs';
import type { ApiTarget } from '../../support/api-client.js';
import { DistributedEngines } from './engines.js';
import { Member, type MemberOptions } from './member.js';

/** Which processes there are. The first one makes what all of them share. */
const MEMBERS = [
  ['api-1', 'api'],
  ['api-2', 'api'],
  ['worker-1', 'worker'],
  ['worker-2', 'worker'],
  ['scheduler', 'scheduler'],
] as const;
/** Names of topic, groups and database begin with it. */
export const PREFIX = 'oracle';
const ADMIN_KEY = `alv_${'a'.repeat(8)}_${'k'.repeat(48)}`;

/** A distributed appliance whose every process, and every process of its engines, can be faulted. */
export class DistributedRig {
  private constructor(
    readonly engines: DistributedEngines,
    readonly members: readonly Member[],
  ) {}

  /**
   * Starts engines, two api, two worker and a scheduler of this checkout, which must have been built.
   *
   * @param directory gets all data and logs, and keeps them
   * @param env settings of every process, besides those of the engines
   */
  static async start(directory: string, env: Readonly<Record<string, string>> = {}): Promise<DistributedRig> {
    const [logs, data] = [join(directory, 'logs'), join(directory, 'data')];
    await Promise.all([mkdir(logs, { recursive: true }), mkdir(data, { recursive: true })]);
    const engines = await DistributedEngines.start(join(directory, 'engines'));
    const settings = {
      ...engines.settings,
      ...{ KAFKA_TOPIC_PREFIX: PREFIX, MONGODB_DATABASE: PREFIX, REDIS_PREFIX: PREFIX },
      ...{ ALLUVIUM_ADMIN_KEY: ADMIN_KEY, ...env },
    };
    const ports = await freePorts(MEMBERS.length);
    const members = await Promise.all(
      MEMBERS.map(([name, role], nth) => {
        const places = { dataDirectory: join(data, name), logPath: join(logs, `${name}.log`) };
        return Member.prepare({ name, role, port: ports[nth] ?? 0, env: settings, ...places });
      }),
    );
    const rig = new DistributedRig(engines, members);
    try {
      await rig.startMembers();
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  of(role: MemberOptions['role']): readonly Member[] {
    return this.members.filter((member) => member.role === role);
  }

  get scheduler(): Member {
    const [found] = this.of('scheduler');
    if (!found) throw new Error('There is no scheduler.');
    return found;
  }

  /** The worker that runs jobs, and the other one. @throws Error where none, or no other one, is there */
  get workers(): { readonly leading: Member; readonly other: Member } {
    const workers = this.of('worker');
    const leading = workers.find((worker) => worker.hasTheTurn);
    const other = workers.find((worker) => worker !== leading && worker.isRunning);
    if (!leading || !other) throw new Error('There is no worker that runs jobs beside another one.');
    return { leading, other };
  }

  /** Where requests go: to one `api` after the other. */
  get target(): ApiTarget {
    const apis = this.of('api');
    let turn = 0;
    return {
      adminKey: ADMIN_KEY,
      get url() {
        turn += 1;
        return apis[turn % apis.length]?.url ?? '';
      },
    };
  }

  targetOf(member: Member): ApiTarget {
    return { adminKey: ADMIN_KEY, url: member.url };
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.dispose()));
    await this.engines.stop();
  }

  private async startMembers(): Promise<void> {
    const [first, ...others] = this.members;
    await first?.start();
    await Promise.all(others.map((member) => member.start()));
  }
}
