import { createBlockIdGenerator, type BlockId } from '#event-model';
import type { EventBus } from './event-bus.port.js';
import type { GatherRequest, Placement, RoundPlace } from './gather-request.js';
import { GatheringRound } from './gathering-round.js';

interface Waiting {
  readonly request: GatherRequest;
  resolve(placement: Placement): void;
  reject(error: unknown): void;
}

/**
 * Turns requests into blocks. Those that come while a publish is under way go together in the next one, so that a commit
 * costs the same for one request and for a hundred; small ones of the same kind share a block.
 */
export class BlockGatherer {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private readonly bus: Pick<EventBus, 'publish'>;
  private readonly nextId: () => BlockId;

  constructor(bus: Pick<EventBus, 'publish'>, nextId: () => BlockId = createBlockIdGenerator()) {
    this.bus = bus;
    this.nextId = nextId;
  }

  /**
   * Resolves when the request's events are durable.
   *
   * @throws EventBusError as `EventBus.publish`; nothing of the request was written unless the code is `outcome_unknown`.
   */
  append(request: GatherRequest): Promise<Placement> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** Requests hear of their publish when the next one is under way: what they do then is done while the disk works. */
  private async run(): Promise<void> {
    await Promise.resolve();
    let tell: (() => void) | undefined;
    while (this.waiting.length > 0) {
      const requests = this.waiting;
      this.waiting = [];
      const published = this.publish(requests);
      tell?.();
      tell = await published;
    }
    this.running = undefined;
    tell?.();
  }

  /** Returns what tells the requests. */
  private async publish(requests: readonly Waiting[]): Promise<() => void> {
    try {
      const round = new GatheringRound(this.nextId);
      const places = requests.map(({ request }) => round.add(request));
      const outcomes = await this.bus.publish(round.batches());
      return () => requests.forEach((request, at) => answer(request, places[at], outcomes));
    } catch (error) {
      return () => requests.forEach(({ reject }) => reject(error));
    }
  }
}

type Outcomes = Awaited<ReturnType<EventBus['publish']>>;

function answer({ resolve, reject }: Waiting, place: RoundPlace | undefined, outcomes: Outcomes): void {
  const outcome = place && outcomes[place.batch];
  if (!place || !outcome)
    reject(new RangeError(`the bus answered ${outcomes.length} batches; expected more`));
  else if (outcome.kind === 'refused') reject(outcome.error);
  else resolve(outcome.kind === 'repeated' ? outcome : place.placed);
}
