import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { STORED_NOTICES, TierRegistry, type StoredNotices } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { TailGroup } from './tail-group.js';
import { TailMetrics } from './tail-metrics.js';
import { TailReader, type TailReaderParts } from './tail-reader.js';
import { nameOfSelection, type TailSelection } from './tail-selection.js';

/** Brings stored events to those who follow them. Does nothing, and hears of nothing, while nobody does. */
@Injectable()
export class TailHub implements OnModuleDestroy {
  readonly #groups = new Map<string, TailGroup>();
  readonly #readers = new Set<TailReader>();
  #deaf: (() => void) | undefined;
  #closing = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    @Inject(STORED_NOTICES) private readonly notices: StoredNotices,
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
    @Inject(TailMetrics) private readonly metrics: TailMetrics,
  ) {}

  /** Follows events from now on, until the reader ends. @throws Problem `shutting_down` */
  follow(selection: TailSelection, parts: Pick<TailReaderParts, 'checkKey' | 'left'>): TailReader {
    if (this.#closing) throw shuttingDown();
    const name = nameOfSelection(selection);
    const group = this.#groups.get(name) ?? this.#open(name, selection);
    const reader = new TailReader({
      checkKey: parts.checkKey,
      limitBytes: this.settings.current.tailQueueBytes,
      told: (message) => this.metrics.count(message),
      left: () => {
        this.#leave(name, group, reader);
        parts.left();
      },
    });
    this.#readers.add(reader);
    group.join(reader);
    return reader;
  }

  /** Ends all tails and opens no more, since the process is ending: their clients come again. Idempotent. */
  close(): void {
    this.#closing = true;
    for (const reader of [...this.#readers]) reader.end(shuttingDown());
  }

  onModuleDestroy(): void {
    this.close();
  }

  #open(name: string, selection: TailSelection): TailGroup {
    const group = new TailGroup(selection, {
      tier: () => this.tiers.blockReading,
      turn: (work) => this.#inTurn(work),
    });
    this.#groups.set(name, group);
    this.#deaf ??= this.notices.listen((notice) => {
      for (const each of this.#groups.values()) each.hear(notice);
    });
    return group;
  }

  #leave(name: string, group: TailGroup, reader: TailReader): void {
    this.#readers.delete(reader);
    group.leave(reader);
    if (group.isEmpty && this.#groups.get(name) === group) this.#groups.delete(name);
    if (this.#groups.size > 0) return;
    this.#deaf?.();
    this.#deaf = undefined;
  }

  /** One look at a time over all groups: however many follow, the engine has one statement of theirs at most. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function shuttingDown(): Problem {
  return new Problem('shutting_down', 'The server is ending, and its live tails with it.');
}
