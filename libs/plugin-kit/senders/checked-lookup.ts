import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isNeverReached } from '../kinds/never-reached.js';
import { NotifyError } from '../kinds/notifier.js';

/** Whoever may be connected to, by address. */
type MayReach = (address: string) => boolean;

/** None of these addresses may be connected to. */
export function notAllowed(addresses: readonly string[]): NotifyError {
  const isNever = addresses.every(isNeverReached);
  const what = isNever ? 'that no setting opens to notifiers' : 'that notifiers may not reach';
  return new NotifyError(`The address is in a network ${what}.`, {
    retryable: false,
    mend: isNever
      ? 'Name another address.'
      : 'Let them with the setting ALLUVIUM_NOTIFY_NETWORKS, or name another address.',
  });
}

/**
 * Looks a name up at the moment of the connection and gives only addresses that may be reached, so that a name that stands for another
 * address the second time leads nowhere else.
 */
export function checkedLookup(mayReach: MayReach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: readonly LookupAddress[]) => {
      const allowed = error ? [] : found.filter(({ address }) => mayReach(address));
      const [first] = allowed;
      if (error || !first) callback(error ?? notAllowed(found.map(({ address }) => address)), '', 0);
      else if (options.all) callback(null, [...allowed]);
      else callback(null, first.address, first.family);
    });
  };
}
