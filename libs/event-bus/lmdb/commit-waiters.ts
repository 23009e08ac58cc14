import type { BlockId } from '#event-model';

interface Waiter {
  readonly open: Set<BlockId>;
  settle(committed: boolean): void;
}

/** Those who wait until blocks are committed. */
export class CommitWaiters {
  private readonly byBlock = new Map<BlockId, Set<Waiter>>();

  /** Resolves true when all of the pending blocks are committed, false after the time or at the stop. */
  wait(pending: readonly BlockId[], timeoutMs: number): Promise<boolean> {
    if (pending.length === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.settle(false), timeoutMs);
      const settle = (committed: boolean): void => {
        clearTimeout(timer);
        this.forget(waiter);
        resolve(committed);
      };
      const waiter: Waiter = { open: new Set(pending), settle };
      for (const id of waiter.open) this.byBlock.set(id, (this.byBlock.get(id) ?? new Set()).add(waiter));
    });
  }

  committed(id: BlockId): void {
    const waiters = this.byBlock.get(id);
    if (!waiters) return;
    this.byBlock.delete(id);
    for (const waiter of waiters) {
      waiter.open.delete(id);
      if (waiter.open.size === 0) waiter.settle(true);
    }
  }

  stop(): void {
    for (const waiter of new Set([...this.byBlock.values()].flatMap((waiters) => [...waiters])))
      waiter.settle(false);
  }

  private forget(waiter: Waiter): void {
    for (const id of waiter.open) {
      const waiters = this.byBlock.get(id);
      waiters?.delete(waiter);
      if (waiters?.size === 0) this.byBlock.delete(id);
    }
  }
}
