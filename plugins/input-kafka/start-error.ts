import { InputStartError } from '#plugin-kit';

/** Topics that are not there. */
export class MissingTopicError extends Error {
  constructor(topics: readonly string[]) {
    super(`the cluster has no topic ${topics.join(', ')}`);
  }
}

/** What failures mean for whoever set the input up, the surest sign first. */
const KNOWN: readonly { readonly sign: RegExp; readonly mend: string }[] = [
  {
    sign: /SASL (PLAIN|SCRAM).*authentication failed|SASL_AUTHENTICATION_FAILED|Authentication failed|invalid credentials/i,
    mend: 'Correct sasl.username, or what is in sasl.password_file.',
  },
  { sign: /mechanism|ILLEGAL_SASL_STATE/i, mend: 'Set sasl.mechanism to one that the brokers take.' },
  {
    sign: /certificate|self[- ]signed|altnames|unable to (get|verify)/i,
    mend: 'Check tls.ca_file against the certificates of the brokers, tls.cert_file where they want one, and the host names in brokers.',
  },
  {
    sign: /wrong version number|before secure TLS|EPROTO|packet length too long|SSL routines/i,
    mend: 'The port in brokers does not speak TLS: name another, or leave tls out.',
  },
  {
    sign: /AUTHORIZATION_FAILED|not authorized/i,
    mend: 'Give the user Describe and Read on the topics, and Read and Describe on the group.',
  },
  {
    sign: /LZ4/i,
    mend: 'Have the topic packed with gzip, snappy or zstd (compression.type): lz4 is not read. Records that are there with lz4 are passed over only by moving the offsets of the group.',
  },
];
const UNREACHED =
  'Check brokers, that they run and may be reached from here, and whether they want tls or sasl.';

/** A failure of a reader as the host tells it. */
export function startError(error: unknown): InputStartError {
  if (error instanceof InputStartError) return error;
  const reason = reasonOf(error);
  const mend =
    error instanceof MissingTopicError
      ? 'Make it, or correct topics.'
      : (KNOWN.find(({ sign }) => sign.test(reason))?.mend ?? UNREACHED);
  return new InputStartError(`Kafka is not read (${reason}).`, mend, error);
}

/** What the error and its causes say; kafkajs wraps what it got several times. */
function reasonOf(error: unknown): string {
  const texts: string[] = [];
  for (let link = error; link instanceof Error && texts.length < 8; link = link.cause)
    texts.push(link.message);
  if (texts.length === 0) texts.push(String(error));
  return [...new Set(texts)].join('; ').replaceAll(/\s+/g, ' ').slice(0, 400);
}
