import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';

/** No answer came: whether the server got the request is not known, unless it was never reached. */
export class ConnectionError extends CliError {
  constructor(
    url: URL,
    /** Of the operating system, of TLS or of Node: `ECONNREFUSED`. */
    readonly code: string,
    cause: unknown,
  ) {
    const { what, mend } =
      WORDS[code] ??
      (isCertificate(code) ? CERTIFICATE : { what: `can not be reached (${code})`, mend: LOOK });
    super(`The server at ${url.origin} ${what}.`, EXIT.unreached, mend, { cause });
  }
}

interface Words {
  readonly what: string;
  readonly mend: string;
}

const LOOK = 'Check that it runs and that --url or ALLUVIUM_URL is its address.';
const CERTIFICATE: Words = {
  what: 'has a certificate that is not trusted here',
  mend: 'Name the file of the authority that signed it: NODE_EXTRA_CA_CERTS=/path/ca.pem.',
};
const WORDS: Readonly<Record<string, Words>> = {
  ECONNREFUSED: {
    what: 'does not take connections: nothing listens there',
    mend: 'Start it with "alluvium start", or give its address by --url or ALLUVIUM_URL.',
  },
  ENOTFOUND: { what: 'is not known: its name has no address', mend: 'Correct --url or ALLUVIUM_URL.' },
  EAI_AGAIN: {
    what: 'is not known: names can not be looked up now',
    mend: 'Check the network of this machine.',
  },
  ETIMEDOUT: { what: 'does not answer', mend: LOOK },
  ECONNRESET: { what: 'closed the connection before it answered', mend: LOOK },
  EPIPE: { what: 'closed the connection before it answered', mend: LOOK },
  EPROTO: { what: 'does not speak TLS there', mend: 'Begin its address with http:// instead of https://.' },
};

function isCertificate(code: string): boolean {
  return code.includes('CERT') || code.startsWith('ERR_TLS') || code.startsWith('UNABLE_TO');
}
