import { EventBusError } from '../event-bus.errors.js';

interface Known {
  readonly sign: RegExp;
  readonly mend: string;
}

/** What failures of Kafka mean for whoever runs the appliance, the surest sign first. */
const KNOWN: readonly Known[] = [
  {
    sign: /SASL (PLAIN|SCRAM).*authentication failed|SASL_AUTHENTICATION_FAILED|Authentication failed|invalid credentials/i,
    mend: 'the brokers refuse KAFKA_SASL_USERNAME with KAFKA_SASL_PASSWORD',
  },
  {
    sign: /mechanism|ILLEGAL_SASL_STATE/i,
    mend: 'the brokers do not take KAFKA_SASL_MECHANISM: set it to one of theirs',
  },
  {
    sign: /certificate|self[- ]signed|altnames|unable to (get|verify)/i,
    mend: 'check KAFKA_TLS_CA against the certificate of the brokers, KAFKA_TLS_CERT where they want one, and the host names in KAFKA_BROKERS',
  },
  {
    sign: /wrong version number|EPROTO|packet length too long|SSL routines/i,
    mend: 'the port in KAFKA_BROKERS does not speak TLS: name another, or unset KAFKA_TLS and KAFKA_TLS_CA',
  },
  {
    sign: /(TOPIC|GROUP|CLUSTER|TRANSACTIONAL_ID)_AUTHORIZATION_FAILED|not authorized/i,
    mend: 'KAFKA_SASL_USERNAME lacks a permission on what begins with KAFKA_TOPIC_PREFIX; the guide of Kafka lists those that are needed',
  },
  {
    sign: /replication.factor|INVALID_REPLICATION_FACTOR/i,
    mend: 'lower KAFKA_REPLICAS to the number of brokers, or start more of them',
  },
  {
    sign: /NOT_ENOUGH_REPLICAS|in-sync replicas/i,
    mend: 'too few brokers are up for the topic’s min.insync.replicas: start them',
  },
  {
    sign: /does not host this topic|UNKNOWN_TOPIC_OR_PARTITION/i,
    mend: 'the topic is missing: make it as the guide of Kafka says, or set KAFKA_CREATE_TOPICS=on',
  },
  {
    sign: /larger than the max|MESSAGE_TOO_LARGE/i,
    mend: 'raise max.message.bytes of the topic to 8388608',
  },
];

const UNREACHED =
  'check KAFKA_BROKERS, that the brokers run and may be reached from here, and whether they want TLS (KAFKA_TLS) or a password (KAFKA_SASL_*)';

/** A failure of Kafka of which it is sure that nothing was written. */
export function kafkaFault(error: unknown, what: string): EventBusError {
  if (error instanceof EventBusError) return error;
  const reason = reasonOf(error);
  const mend = KNOWN.find(({ sign }) => sign.test(reason))?.mend ?? UNREACHED;
  return new EventBusError('bus_unavailable', `${what} (${reason}): ${mend}.`, error);
}

/** A failure after which nobody knows what the brokers have. */
export function unknownOutcome(error: unknown): EventBusError {
  return new EventBusError(
    'outcome_unknown',
    `Kafka's answer to a write is missing (${reasonOf(error)}): send again with the same Idempotency-Key.`,
    error,
  );
}

/** Whether the brokers said that they did not write, or were never asked. */
export function wasNotWritten(error: unknown): boolean {
  return chainOf(error).some(
    ({ type = '', name = '', code = '' }) =>
      /AUTHORIZATION_FAILED|NOT_ENOUGH_REPLICAS$|MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|UNKNOWN_TOPIC|NOT_LEADER|LEADER_NOT_AVAILABLE/.test(
        type,
      ) ||
      /SASLAuthentication|MetadataNotLoaded|BrokerNotFound|NoBrokerAvailable/.test(name) ||
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/.test(code),
  );
}

interface Link {
  readonly name?: string;
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

/** The error and its causes; kafkajs wraps what it got several times. */
function chainOf(error: unknown): readonly Link[] {
  const links: Link[] = [];
  for (let link = error as Link | undefined; link && links.length < 8; link = link.cause as Link | undefined)
    links.push({ ...link, name: link.name ?? '', message: link.message ?? String(link) });
  return links;
}

function reasonOf(error: unknown): string {
  const texts = chainOf(error).map(({ type, message }) => (type ? `${type}: ${message}` : message));
  return [...new Set(texts)].join('; ').replaceAll(/\s+/g, ' ').slice(0, 400);
}
