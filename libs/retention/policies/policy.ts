import { isStreamName } from '#event-model';

/** What matters how much when the disk is full. */
export const RETENTION_CLASSES = ['critical', 'normal', 'low'] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

/** How long events are kept, and how much of them. */
export interface PolicyRules {
  /** Tiers in their order, in the one form that `printPolicy` writes: `search 30d -> delete`. */
  readonly keep: string;
  /** Most bytes of disk for all streams together that follow the policy; the oldest days leave first. */
  readonly max_bytes?: number | undefined;
  /** The same as a share of the disk that the data directory is on, at most 1. */
  readonly max_disk_share?: number | undefined;
  /** When it is applied by itself, a cron expression of five fields; absent: daily, with all others. */
  readonly cron?: string | undefined;
  /** For how many days from its put on the store locks what is archived, at most until it leaves the archive. */
  readonly lock_days?: number | undefined;
  readonly class: RetentionClass;
}

/** Rules with what they are for: `tenant`, `event-type:<name>` or `stream:<name>`. */
export interface NamedPolicy extends PolicyRules {
  readonly name: string;
}

export interface PolicyAuthor {
  readonly key_id: string;
  readonly key_name: string;
}

/** A policy as it is kept. */
export interface StoredPolicy extends NamedPolicy {
  /** RFC 3339. */
  readonly changed_at: string;
  readonly changed_by: PolicyAuthor;
}

/** What a policy is for. */
export type PolicyTarget =
  | { readonly kind: 'tenant' }
  | { readonly kind: 'event-type'; readonly name: string }
  | { readonly kind: 'stream'; readonly name: string };

/** The name of what counts where no policy is for a stream: the setting. */
export const DEFAULT_POLICY = 'default';

/** What a policy's name says that it is for; undefined where it is no such name. */
export function targetOf(policy: string): PolicyTarget | undefined {
  if (policy === 'tenant') return { kind: 'tenant' };
  const [, kind, name = ''] = /^(event-type|stream):(.*)$/.exec(policy) ?? [];
  if (!isStreamName(name)) return undefined;
  return kind === 'stream' ? { kind, name } : { kind: 'event-type', name };
}

/** The policy that counts for a stream: its own, else that of its event type, else the tenant's, else the setting's. */
export function nearestPolicy<P extends NamedPolicy>(
  policies: ReadonlyMap<string, P>,
  stream: { readonly name: string; readonly eventType: string },
): P | undefined {
  return (
    policies.get(`stream:${stream.name}`) ??
    policies.get(`event-type:${stream.eventType}`) ??
    policies.get('tenant')
  );
}
