import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InspectableEventBus } from '../../event-bus.port.js';
import type { BusFaultPoint, EventBusHarness } from '../../testing/index.js';
import { LmdbEventBus } from '../lmdb-event-bus.js';

type Wrap = (bus: InspectableEventBus) => InspectableEventBus;

/** A log in a temporary directory. A copy of its files at some moment is what a process killed then leaves behind. */
export async function startLmdbHarness(wrap: Wrap = (bus) => bus): Promise<EventBusHarness> {
  const harness = new LmdbHarness(mkdtempSync(join(tmpdir(), 'alluvium-bus-')), wrap);
  await harness.open('0');
  return harness;
}

class LmdbHarness implements EventBusHarness {
  private readonly root: string;
  private readonly wrap: Wrap;
  private readonly opened: InspectableEventBus[] = [];
  private directory = '';
  private dieAt: BusFaultPoint | undefined;

  constructor(root: string, wrap: Wrap) {
    this.root = root;
    this.wrap = wrap;
  }

  get bus(): InspectableEventBus {
    const [newest] = this.opened.slice(-1);
    if (!newest) throw new Error('no bus was opened');
    return newest;
  }

  async open(directory: string): Promise<InspectableEventBus> {
    this.directory = directory;
    const reach = (point: string): void => this.reached(point);
    const bus = this.wrap(
      await LmdbEventBus.open({ directory: join(this.root, directory), reach, redeliverAfterMs: 10 }),
    );
    this.opened.push(bus);
    return bus;
  }

  async crash(): Promise<InspectableEventBus> {
    return this.open(this.copy());
  }

  async crashAt(point: BusFaultPoint, act: () => Promise<unknown>): Promise<InspectableEventBus> {
    this.dieAt = point;
    await act();
    if (this.dieAt) throw new Error(`the bus never came to ${point}`);
    return this.open(this.nextDirectory());
  }

  async restart(): Promise<InspectableEventBus> {
    await this.bus.stop();
    return this.open(this.directory);
  }

  async stop(): Promise<void> {
    for (const bus of this.opened) await bus.stop();
    rmSync(this.root, { recursive: true, force: true });
  }

  private reached(point: string): void {
    if (point !== this.dieAt) return;
    this.dieAt = undefined;
    this.copy();
  }

  private copy(): string {
    const copy = this.nextDirectory();
    cpSync(join(this.root, this.directory), join(this.root, copy), { recursive: true });
    return copy;
  }

  private nextDirectory(): string {
    return String(Number(this.directory) + 1);
  }
}
