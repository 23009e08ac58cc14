import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom, isObservable } from 'rxjs';
import type { BlockConsumer, Delivery, InspectableEventBus, Subscription } from '#event-bus';

/** The pattern under which a handler takes blocks. */
export const BLOCKS = 'blocks';

/** Takes blocks off the bus for good; see `Subscription.commit`. */
export type Commit = Subscription['commit'];

/** What the strategy tells about lanes; the writers keep their state by it. */
export interface LaneListener {
  assigned(lane: string, epoch: number, commit: Commit): Promise<void> | void;
  revoked(lane: string): Promise<void> | void;
}

/**
 * Carries blocks from the event bus to the handler of {@link BLOCKS}. Nest's base strategy swallows what a handler
 * throws; here it reaches the bus as it is, code and `retryable` included, so that the block is delivered again.
 */
export class EventBusStrategy extends Server implements CustomTransportStrategy {
  #subscription: Promise<Subscription> | undefined;

  constructor(
    private readonly bus: InspectableEventBus,
    private readonly lanes: LaneListener,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.#subscription = this.bus.subscribe(this.#consumer());
    void this.#tell(callback, this.#subscription);
  }

  /** Ends delivery. Commits stay possible, so that writers can finish what they have. */
  async close(): Promise<void> {
    const subscription = await this.#subscription?.catch(() => undefined);
    await subscription?.stop();
  }

  override on(): void {
    // The bus has no events besides its lanes, which the listener gets.
  }

  override unwrap<T>(): T {
    return this.bus as T;
  }

  async #tell(callback: (error?: unknown) => void, subscription: Promise<unknown>): Promise<void> {
    let problem: unknown;
    try {
      await subscription;
    } catch (error) {
      problem = error;
    }
    callback(problem);
  }

  #consumer(): BlockConsumer {
    return {
      onBlock: (delivery) => this.#handle(delivery),
      onAssigned: (lane, epoch) => this.lanes.assigned(lane, epoch, (deliveries) => this.#commit(deliveries)),
      onRevoked: (lane) => this.lanes.revoked(lane),
    };
  }

  /** A lane may be assigned before the subscription is handed out. */
  async #commit(deliveries: Parameters<Commit>[0]): Promise<void> {
    const subscription = await this.#subscription;
    await subscription?.commit(deliveries);
  }

  async #handle(delivery: Delivery): Promise<void> {
    const handler = this.messageHandlers.get(BLOCKS);
    if (!handler) throw new Error(`No handler takes the pattern "${BLOCKS}".`);
    const result: unknown = await handler(delivery);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
