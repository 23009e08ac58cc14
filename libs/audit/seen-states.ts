import { ChangeQueue, type Catalogue } from '#catalogue';
import type { AuditAction } from './audit-actions.js';
import type { AuditChain } from './audit-chain.js';
import { STATE } from './audit-documents.js';
import type { AuditActor } from './audit-entry.js';
import { changedFields } from './changed-fields.js';

/** Things that can be changed without the API, as they are now, by name. Without secrets. */
export type States = Readonly<Record<string, unknown>>;

/** How a difference is recorded. */
export interface SeenAs {
  readonly action: AuditAction;
  readonly actor: AuditActor;
}

/** Records what was changed behind the API's back: by comparing what is with what was seen last. */
export class SeenStates {
  readonly #turns = new ChangeQueue();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly chain: AuditChain,
  ) {}

  /**
   * Compares one of them; the first time that it is seen is no change.
   *
   * @param what names the kind of things: `files`
   */
  note(what: string, object: string, state: unknown, { action, actor }: SeenAs): Promise<void> {
    return this.#turns.run(async () => {
      const place = { collection: STATE, id: `seen-${what}` };
      const seen = (await this.catalogue.read<States>(place.collection, place.id))?.value ?? {};
      const changes = changedFields(seen[object], state);
      const change = { ...place, value: { ...seen, [object]: state } };
      if (seen[object] === undefined) await this.catalogue.write([change]);
      else if (changes.length > 0)
        await this.chain.append({ actor, tenant: null, action, object, outcome: 'done', changes }, () => [
          change,
        ]);
    });
  }

  /**
   * Compares, and appends an entry for each that differs, that is new, or gone.
   *
   * @param what names the kind of things: `plugins`
   */
  look(what: string, now: States, { action, actor }: SeenAs): Promise<void> {
    return this.#turns.run(async () => {
      const id = `seen-${what}`;
      let seen = (await this.catalogue.read<States>(STATE, id))?.value ?? {};
      for (const object of [...new Set([...Object.keys(seen), ...Object.keys(now)])].sort()) {
        const changes = changedFields(seen[object], now[object]);
        if (changes.length === 0) continue;
        const { [object]: _before, ...others } = seen;
        seen = now[object] === undefined ? others : { ...others, [object]: now[object] };
        const value = seen;
        const facts = { actor, tenant: null, action, object, outcome: 'done', changes } as const;
        await this.chain.append(facts, () => [{ collection: STATE, id, value }]);
      }
    });
  }
}
