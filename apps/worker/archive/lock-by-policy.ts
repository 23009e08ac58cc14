import { lockedUntil, nearestPolicy, type RetentionPolicies } from '#retention';
import type { ArchivedStream } from '#archived-units';

/** Tells until when the store is to lock what is archived, by the policy in force. */
export class LockByPolicy {
  constructor(
    private readonly policies: Pick<RetentionPolicies, 'read'>,
    private readonly now = Date.now,
  ) {}

  /** @param eventType of the stream. Undefined where no policy locks it */
  async until(
    { tenant, stream: name }: ArchivedStream,
    ...[eventType, day]: [eventType: string, day: number]
  ): Promise<Date | undefined> {
    const { policies } = await this.policies.read(tenant);
    const policy = nearestPolicy(new Map(policies.map((one) => [one.name, one])), { name, eventType });
    return policy && lockedUntil(policy, day, this.now());
  }
}
