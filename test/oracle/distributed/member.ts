import { appendFile } from 'node:fs/promises';
import { pause, type Exit } from '../../support/appliance-process.js';
import { Appliance } from '../../support/start-appliance.js';

export interface MemberOptions {
  /** Such as `api-1`; the role is the part before the number. */
  readonly name: string;
  readonly role: 'api' | 'worker' | 'scheduler';
  readonly port: number;
  /** Settings of its engines. */
  readonly env: Readonly<Record<string, string>>;
  readonly dataDirectory: string;
  /** File that gets everything that it prints. */
  readonly logPath: string;
}

const LOOK_MS = 20;
const START_MS = 120_000;
const HAS_THE_TURN = 'this process runs the jobs of the role worker';

/** A process of a distributed appliance: a role, on a port and a data directory that it keeps. */
export class Member {
  readonly url: string;
  /** Told when the process ends without being asked to. */
  onUnasked: (member: Member, exit: Exit) => void = () => undefined;
  private asked = true;

  private constructor(
    private readonly options: MemberOptions,
    private readonly appliance: Appliance,
  ) {
    this.url = `http://127.0.0.1:${options.port}`;
  }

  static async prepare(options: MemberOptions): Promise<Member> {
    const { role, port, dataDirectory } = options;
    const env = { ...options.env, ALLUVIUM_ROLES: role, ALLUVIUM_HTTP_PORT: String(port) };
    return new Member(options, await Appliance.prepare({ env, dataDirectory, startTimeoutMs: START_MS }));
  }

  get name(): string {
    return this.options.name;
  }

  get role(): MemberOptions['role'] {
    return this.options.role;
  }

  get pid(): number {
    return this.appliance.pid;
  }

  get exited(): Promise<Exit> {
    return this.appliance.exited;
  }

  get isRunning(): boolean {
    return this.appliance.isRunning;
  }

  /** Whether it is the worker that runs jobs; false when it has ended. */
  get hasTheTurn(): boolean {
    return this.isRunning && this.appliance.output().includes(HAS_THE_TURN);
  }

  /** Starts it; resolves when it is ready. @throws Error where it doesn't get there, with what it printed */
  async start(): Promise<void> {
    await this.keepOutput();
    let isReady = false;
    let failure: unknown;
    this.appliance.restart().then(
      () => (isReady = true),
      (error: unknown) => (failure = error),
    );
    const until = Date.now() + START_MS;
    while (!isReady) {
      if (failure !== undefined) throw failure;
      if (Date.now() > until) throw new Error(`${this.name} was not ready within ${START_MS} ms`);
      await pause(LOOK_MS);
    }
    this.asked = false;
    void this.watch(this.appliance.pid);
  }

  /** `kill -9`. */
  kill(): Promise<Exit> {
    this.asked = true;
    return this.appliance.kill();
  }

  /** Ends it in order. */
  stop(): Promise<Exit> {
    this.asked = true;
    return this.appliance.stop();
  }

  /** Its end is expected from now on, and no news. */
  expectEnd(): Promise<Exit> {
    this.asked = true;
    return this.appliance.exited;
  }

  /** Resolves with whether it is the worker that runs jobs, once it has or the time is over. */
  async takesOver(withinMs: number): Promise<boolean> {
    for (const until = Date.now() + withinMs; Date.now() < until; await pause(LOOK_MS))
      if (this.hasTheTurn) return true;
    return false;
  }

  /** Ends it and writes down what it printed last. */
  async dispose(): Promise<void> {
    await this.kill();
    await this.keepOutput();
  }

  private async watch(pid: number): Promise<void> {
    const exit = await this.appliance.exited;
    if (!this.asked && this.appliance.pid === pid) this.onUnasked(this, exit);
  }

  private async keepOutput(): Promise<void> {
    await appendFile(this.options.logPath, this.appliance.output());
  }
}
