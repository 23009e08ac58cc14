import { InputStartError, type InputAddress } from '../kinds/input.js';

interface SystemError {
  readonly code?: unknown;
}

export const codeOf = (error: unknown): unknown => (error as SystemError | null)?.code;

/** Why nobody can listen there, in words for the admin. */
export function listenError(error: unknown, { transport, host, port }: InputAddress): InputStartError {
  const place = `${transport} port ${port} of ${host}`;
  const [what, mend] = wordsOf(error, place);
  return new InputStartError(what, mend, error);
}

function wordsOf(error: unknown, place: string): readonly [what: string, mend: string] {
  if (codeOf(error) === 'EADDRINUSE')
    return [`The ${place} is in use.`, 'Stop the program that has it, or choose another port.'];
  if (codeOf(error) === 'EACCES')
    return [
      `The ${place} may not be used by this process.`,
      'Choose a port from 1024 on, or give the process CAP_NET_BIND_SERVICE.',
    ];
  if (codeOf(error) === 'EADDRNOTAVAIL' || codeOf(error) === 'ENOTFOUND')
    return [
      `This machine has no address ${place}.`,
      'Name an address of this machine, or :: for all of them.',
    ];
  const reason = error instanceof Error ? error.message : String(error);
  return [`Nobody can listen at ${place}: ${reason}.`, 'Correct the host and the port.'];
}

/** IPv6 and IPv4 together. */
const ALL = '::';
const ALL_IPV4 = '0.0.0.0';

/** Listens at `host`; where that is all addresses and the machine has no IPv6, at those of IPv4. */
export async function listenAt<T>(host: string, listen: (host: string) => Promise<T>): Promise<T> {
  try {
    return await listen(host);
  } catch (error) {
    const hasNoIpv6 = codeOf(error) === 'EAFNOSUPPORT' || codeOf(error) === 'EADDRNOTAVAIL';
    if (host !== ALL || !hasNoIpv6) throw error;
    return listen(ALL_IPV4);
  }
}
