import { z } from 'zod';
import { integer } from './number-types.js';
import { bootSetting } from './setting.js';
import { listText, oneOf, onOff, secret, text } from './text-types.js';
import type { ValueType } from './value-type.js';

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

const brokers: ValueType<readonly string[]> = {
  schema: listText.pipe(z.array(z.string().regex(ADDRESS)).min(1)),
  expected: 'a comma list of host:port',
  print: (value) => value.join(','),
};

/** The part of names of topics and groups that is an appliance's own. */
const prefix: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9._-]{1,100}$/),
  expected: 'letters, digits, points, hyphens and underscores, at most 100',
  print: String,
};

/** Where the brokers are that carry events, as other programs name them. */
export const kafkaSettings = {
  kafkaBrokers: bootSetting({
    path: 'kafka.brokers',
    env: 'KAFKA_BROKERS',
    type: brokers,
    otherwise: 'the log in `<data>/bus`',
    description:
      'Brokers of Kafka that carry events from acceptance to storage; the others of their cluster are found by them. Set it before the first start.',
  }),
  kafkaTopicPrefix: bootSetting({
    path: 'kafka.topic_prefix',
    env: 'KAFKA_TOPIC_PREFIX',
    type: prefix,
    default: 'alluvium',
    description:
      'Names of the topic (`<prefix>.blocks`) and the groups begin with it: one for each appliance of a cluster.',
  }),
  kafkaCreateTopics: bootSetting({
    path: 'kafka.create_topics',
    env: 'KAFKA_CREATE_TOPICS',
    type: onOff,
    default: 'on',
    description: 'Whether the topic is made where it is missing.',
  }),
  kafkaPartitions: bootSetting({
    path: 'kafka.partitions',
    env: 'KAFKA_PARTITIONS',
    type: integer(1, 1_000),
    default: '12',
    description: 'Partitions of a topic that is made.',
  }),
  kafkaReplicas: bootSetting({
    path: 'kafka.replicas',
    env: 'KAFKA_REPLICAS',
    type: integer(1, 9),
    otherwise: '3, or as many as there are brokers',
    description:
      'Brokers that have each record of a topic that is made; a write is answered when all but one of them have it.',
  }),
  kafkaRetentionHours: bootSetting({
    path: 'kafka.retention_hours',
    env: 'KAFKA_RETENTION_HOURS',
    type: integer(1, 100_000),
    default: '168',
    unit: 'h',
    description:
      'How long a topic that is made keeps records, stored or not: what could not be stored for so long is lost.',
  }),
  kafkaTls: bootSetting({
    path: 'kafka.tls',
    env: 'KAFKA_TLS',
    type: onOff,
    default: 'off',
    description: 'Whether the brokers are spoken to by TLS.',
  }),
  kafkaTlsCa: bootSetting({
    path: 'kafka.tls_ca',
    env: 'KAFKA_TLS_CA',
    type: text('the path of a PEM file'),
    otherwise: 'those that Node trusts',
    description: 'Authorities that the certificates of the brokers are checked by.',
  }),
  kafkaTlsCert: bootSetting({
    path: 'kafka.tls_cert',
    env: 'KAFKA_TLS_CERT',
    type: text('the path of a PEM file'),
    otherwise: 'none is shown',
    description: 'Certificate that is shown to the brokers, with its chain.',
  }),
  kafkaTlsKey: bootSetting({
    path: 'kafka.tls_key',
    env: 'KAFKA_TLS_KEY',
    type: text('the path of a PEM file'),
    otherwise: 'none is needed',
    description: 'Private key of that certificate.',
  }),
  kafkaSaslMechanism: bootSetting({
    path: 'kafka.sasl_mechanism',
    env: 'KAFKA_SASL_MECHANISM',
    type: oneOf(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
    otherwise: 'the brokers want no password',
    description: 'How user and password are given to the brokers.',
  }),
  kafkaSaslUsername: bootSetting({
    path: 'kafka.sasl_username',
    env: 'KAFKA_SASL_USERNAME',
    type: text('the name of a user'),
    otherwise: 'the brokers want no password',
    description: 'User of the brokers; the guide of Kafka lists the permissions that it needs.',
  }),
  kafkaSaslPassword: bootSetting({
    path: 'kafka.sasl_password',
    env: 'KAFKA_SASL_PASSWORD',
    type: secret(/^[^\r\n]+$/, 'the password of the user'),
    otherwise: 'the brokers want no password',
    description: 'Password of that user.',
    secret: true,
  }),
};
