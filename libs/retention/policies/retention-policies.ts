import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { PolicyAuthor, StoredPolicy } from './policy.js';

const BOOKS = 'retention-policies';
const HISTORY = 'retention-policy-versions';
/** Tries of a change that is meant for no version, where others change the policies at the same time. */
const TRIES = 5;
/** Most policies that a tenant may have. */
export const MAX_POLICIES = 1_000;
/** Versions that are kept besides the newest. */
const MAX_VERSIONS = 100;

/** A tenant's policies. */
export interface PolicyBook {
  /** Rises with each change; 0 where there never was a policy. */
  readonly version: number;
  /** By name. */
  readonly policies: readonly StoredPolicy[];
  /** RFC 3339, of the last change; absent where there never was one. */
  readonly changed_at?: string;
  readonly changed_by?: PolicyAuthor;
  /** The plan that brought this version, where one did. */
  readonly plan?: string;
}

/** Who changes the policies, and by which plan. */
export interface PolicyChange {
  readonly by: PolicyAuthor;
  /** RFC 3339. */
  readonly at: string;
  readonly plan?: string;
  /** The version that the change is meant for; absent: whichever there is. */
  readonly ifVersion?: number | undefined;
}

export type PolicyErrorCode =
  'policies_conflict' | 'too_many_retention_policies' | 'policy_version_not_found';

/** Policies can't be changed as asked. */
export class PolicyError extends AlluviumError {
  constructor(code: PolicyErrorCode, message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/**
 * The retention policies of all tenants: one document each, so that a change of several is one change, and the versions
 * before. Always read from the catalogue: they are asked for seldom, and what is deleted hangs on them.
 */
export class RetentionPolicies {
  constructor(private readonly catalogue: Catalogue) {}

  async read(tenant: string): Promise<PolicyBook> {
    const stored = await this.catalogue.read<Omit<PolicyBook, 'version'>>(BOOKS, tenant);
    return stored ? { ...stored.value, version: stored.version } : { version: 0, policies: [] };
  }

  /**
   * Puts other policies in the place of the tenant's.
   *
   * @param change makes the new ones of the old ones; may throw, then nothing is changed
   * @throws PolicyError `policies_conflict`, `too_many_retention_policies`
   */
  async change(
    tenant: string,
    change: (policies: readonly StoredPolicy[]) => readonly StoredPolicy[],
    { by, at, plan, ifVersion }: PolicyChange,
  ): Promise<PolicyBook> {
    for (let tries = 1; ; tries += 1) {
      const book = await this.read(tenant);
      if (ifVersion !== undefined && ifVersion !== book.version) throw conflict(book.version);
      const policies = change(book.policies).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      if (policies.length > MAX_POLICIES)
        throw new PolicyError(
          'too_many_retention_policies',
          `The tenant would have ${policies.length} policies, and may have ${MAX_POLICIES}.`,
        );
      const value = { policies, changed_at: at, changed_by: by, ...(plan !== undefined && { plan }) };
      const version = await this.#replace(tenant, book, value);
      if (version !== undefined) return { ...value, version };
      if (ifVersion !== undefined || tries === TRIES) throw conflict((await this.read(tenant)).version);
    }
  }

  /** All versions that are kept, the newest first. */
  async versions(tenant: string): Promise<readonly PolicyBook[]> {
    const kept = await this.catalogue.scan<PolicyBook>(HISTORY, { prefix: `${tenant}/` });
    const book = await this.read(tenant);
    const before = kept.map(({ value }) => value).filter(({ version }) => version < book.version);
    return [...(book.version > 0 ? [book] : []), ...before.toReversed()];
  }

  /**
   * Puts the policies of an older version in force again, as a new version.
   *
   * @param version default: the one before
   * @throws PolicyError `policy_version_not_found`, `policies_conflict`
   */
  async rollBack(tenant: string, version: number | undefined, change: PolicyChange): Promise<PolicyBook> {
    const [newest, ...before] = await this.versions(tenant);
    const wanted = before.find((book) => book.version === (version ?? (newest?.version ?? 0) - 1));
    if (!wanted) {
      const known = before.map((book) => book.version).join(', ') || 'none';
      throw new PolicyError(
        'policy_version_not_found',
        `There is no such version to go back to: ${known} are.`,
      );
    }
    return this.change(tenant, () => wanted.policies, {
      ...change,
      ifVersion: change.ifVersion ?? newest?.version,
    });
  }

  /** What was in force is kept first, under its own version: whoever loses the race has written the same. */
  async #replace(
    tenant: string,
    book: PolicyBook,
    value: Omit<PolicyBook, 'version'>,
  ): Promise<number | undefined> {
    const { version } = book;
    const outcomes = await this.catalogue.write([
      ...(version > 0 ? [{ collection: HISTORY, id: versionId(tenant, version), value: book }] : []),
      { collection: BOOKS, id: tenant, value, ifVersion: version },
    ]);
    const outcome = outcomes.at(-1);
    if (outcome?.kind !== 'written') return undefined;
    if (version > MAX_VERSIONS)
      await this.catalogue.write([
        { collection: HISTORY, id: versionId(tenant, version - MAX_VERSIONS), value: undefined },
      ]);
    return outcome.version;
  }
}

function conflict(version: number): PolicyError {
  return new PolicyError('policies_conflict', `The retention policies have version ${version} now.`);
}

/** Sorts by the version. */
function versionId(tenant: string, version: number): string {
  return `${tenant}/${String(version).padStart(10, '0')}`;
}
