import type { Settings } from '#app-config';
import type { DirectoryOwner } from '#event-bus';
import type { Machine } from './machine/machine.js';
import type { ServerState } from './machine/ask-server.js';

/** What the checks look at; nothing of it changes while they run. */
export interface DoctorContext {
  readonly machine: Machine;
  readonly settings: Settings;
  /** Who has the data directory. */
  readonly owner: DirectoryOwner;
  /** What is at the address of the settings. */
  readonly server: ServerState;
}
