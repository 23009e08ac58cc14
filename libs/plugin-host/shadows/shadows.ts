import { randomUUID } from 'node:crypto';
import type { Block } from '#event-model';
import type { PluginProblem } from '#plugin-kit';
import { failed, ok, type Outcome } from '../outcome.js';
import type { ParserFailure } from '../parsers/verdict.js';
import type { ParserVersions } from '../versions/parser-versions.js';
import type { Redact } from './shadow-difference.js';
import { Shadow, type ShadowOrder, type ShadowState } from './shadow.js';

/** Shadows that may be at work at once: each has a process of some 60 MB. */
export const MAX_SHADOWS = 4;

/** What keeps a shadow from being started where there is no place for it. */
export const NO_PLACE: PluginProblem = {
  what: `${MAX_SHADOWS} shadows are at work already, or but one, which is kept for a tenant that has none`,
  mend: 'end one of them',
};

/** The shadows of this process. They are kept in memory, and end with it. */
export class Shadows {
  readonly #shadows = new Map<string, Shadow>();
  /** Tenants whose shadows are being started. */
  readonly #starting: string[] = [];
  #isClosed = false;

  constructor(private readonly versions: Pick<ParserVersions, 'open' | 'list'>) {}

  /** Starts one. @returns what keeps the version from running, or {@link NO_PLACE} */
  async start(order: ShadowOrder): Promise<Outcome<ShadowState>> {
    if (!this.#hasPlace(order.tenant)) return failed([NO_PLACE]);
    this.#starting.push(order.tenant);
    try {
      const begun: { shadow?: Shadow } = {};
      const failures = (failure: ParserFailure): void => begun.shadow?.failed(failure);
      const opened = await this.versions.open(order.parser, order.version, failures);
      if (opened.problems) return opened;
      const id = randomUUID();
      const shadow = new Shadow(order, { id, opened: opened.value });
      begun.shadow = shadow;
      if (this.#isClosed) shadow.close();
      else this.#shadows.set(id, shadow);
      return ok(shadow.state);
    } finally {
      this.#starting.splice(this.#starting.indexOf(order.tenant), 1);
    }
  }

  /** Those of a tenant and a parser, the oldest first. */
  list(tenant: string, parser: string): readonly ShadowState[] {
    const states = [...this.#shadows.values()].map(({ state }) => state);
    return states.filter((state) => state.tenant === tenant && state.parser === parser);
  }

  /** Ends one. @returns what it saw */
  stop(id: string): ShadowState | undefined {
    const shadow = this.#shadows.get(id);
    this.#shadows.delete(id);
    shadow?.close();
    return shadow?.state;
  }

  /** Shows all shadows a block that was parsed on its way into storage. Never throws, never waits. */
  offer(block: Block, parsed: Block, redact: Redact): void {
    for (const shadow of this.#shadows.values()) shadow.offer(block, parsed, redact);
  }

  /** Ends the work of those whose version may not run any more; they can still be looked at. */
  async review(): Promise<void> {
    for (const shadow of this.#shadows.values()) {
      const { parser, version } = shadow.state;
      const known = await this.versions.list(parser);
      if (!known?.some(({ id, isTrusted }) => id === version && isTrusted))
        shadow.close('its version is not trusted any more, or gone');
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#shadows.keys()]) this.stop(id);
  }

  /** The last place is for a tenant that has none. */
  #hasPlace(tenant: string): boolean {
    const tenants = [...[...this.#shadows.values()].map(({ state }) => state.tenant), ...this.#starting];
    return tenants.length < (tenants.includes(tenant) ? MAX_SHADOWS - 1 : MAX_SHADOWS);
  }
}
