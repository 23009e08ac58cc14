import type { Principal } from '#access';
import type { AuditAction } from '#audit';

/** What a request asks to be changed. */
export interface AuditedCall {
  readonly caller: Principal;
  /** Of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** Not checked yet where the change only begins. */
  readonly body: unknown;
}

/** How a change of a route is recorded. */
export interface AuditedChange<C> {
  readonly action: AuditAction;
  /** Whose it is: the tenant of the key (default), the whole appliance, or that of what is found in the call. */
  readonly of?: 'tenant' | 'appliance' | ((call: AuditedCall, answer: unknown) => string | undefined);
  /** What was changed. Default: the parameters of the path. */
  readonly object?: (call: AuditedCall, answer: unknown) => string | undefined;
  /** What is compared before and after; it is not there where this throws a 404. Nothing that changes by itself. */
  readonly state?: (controller: C, call: AuditedCall) => unknown;
  /** Instead, what there is since: of the answer. Default: what was asked for. */
  readonly made?: (answer: unknown, call: AuditedCall) => unknown;
}

/** The member of an answer or a body, where it is a text. */
export function textOf(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : undefined;
}

/** Some members of an object: those that an admin changes. */
export function pick(value: object, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}

/** All members but these. */
export function without(value: unknown, ...names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** A list as an object, by the names of its entries, so that each is compared on its own; of each all, or these members. */
export function byName(
  list: readonly { readonly name: string }[],
  ...members: readonly string[]
): Readonly<Record<string, unknown>> {
  const shown = (entry: object): unknown =>
    members.length > 0 ? pick(entry, ...members) : without(entry, 'name');
  return Object.fromEntries(list.map((entry) => [entry.name, shown(entry)]));
}
