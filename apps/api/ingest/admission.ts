import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { Problem } from '../problems/problem.js';
import { DiskAdmission, type Arrival } from './disk-admission.js';
import { DrainRate } from './drain-rate.js';
import { WaitingRoom } from './waiting-room.js';

/** Bytes of the bodies that may wait for room at once; more would only move the backlog into memory. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024;

/**
 * Decides whether events may be written: a disk that fills up refuses at once, streams that matter least first; a full
 * backlog makes requests wait a little and then refuses them. Bodies that are being written count as backlog, so that many at once can't overshoot it.
 */
@Injectable()
export class Admission {
  readonly #room: WaitingRoom;
  readonly #rate = new DrainRate(() => performance.now());
  #writing = 0;
  #written = 0;

  constructor(
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
    @Inject(DiskAdmission) private readonly disk: DiskAdmission,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {
    const place = {
      hasRoom: () => this.#backlogBytes() < settings.current.backlogBytes,
      take: (bytes: number) => void (this.#writing += bytes),
    };
    this.#room = new WaitingRoom(place, MAX_WAITING_BYTES);
  }

  /**
   * Resolves when the body may be written; `leave` must be called when it is, or has failed.
   *
   * @throws Problem `disk_reserve`, `disk_filling`, `backlog_full`: nothing was written.
   */
  async enter(arrival: Arrival): Promise<void> {
    await this.disk.check(arrival, this.#writing);
    if (!(await this.#room.enter(arrival.bytes, this.settings.current.admissionWaitMs))) throw this.#full();
  }

  /** @param written whether the bytes are on the bus now */
  leave(bytes: number, written: boolean): void {
    this.#writing -= bytes;
    if (!written) return;
    this.#written += bytes;
    this.disk.wrote(bytes);
  }

  #backlogBytes(): number {
    const { bytes } = this.bus.backlog();
    this.#rate.note(this.#written - bytes);
    return bytes + this.#writing;
  }

  #full(): Problem {
    const limit = this.settings.current.backlogBytes;
    // Room for one more is no room for all who were refused: come again when a tenth is free.
    const retryAfter = this.#rate.secondsFor(this.bus.backlog().bytes - limit * 0.9);
    const detail = `More than ${limit} bytes of accepted events wait to be stored.`;
    return new Problem('backlog_full', detail, { retryAfter });
  }
}
