import type { EventTypeDeclaration } from '#event-model';

/** A stream as a tier must know it: one event type for life. */
export interface StreamSpec {
  readonly tenant: string;
  readonly name: string;
  readonly eventType: EventTypeDeclaration;
  /** `when_needed`: the bytes of a JSON event are kept only where the columns can't give them back. */
  readonly keepRaw: 'when_needed' | 'always';
}
