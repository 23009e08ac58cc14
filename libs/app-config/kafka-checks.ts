import type { BootSettings } from './definitions/boot-settings.js';
import type { SettingsProblem } from './problems.js';

const WHERE = 'together';

/** What is wrong between the settings of Kafka. */
export function checkKafka(boot: BootSettings): readonly SettingsProblem[] {
  return [...brokersMissing(boot), ...tlsFiles(boot), ...clientPair(boot), ...saslTogether(boot)];
}

/** Another setting without brokers would be believed to do something. */
function brokersMissing({
  kafkaBrokers,
  kafkaTls,
  kafkaSaslMechanism,
}: BootSettings): readonly SettingsProblem[] {
  const set = kafkaTls ? 'KAFKA_TLS' : 'KAFKA_SASL_MECHANISM';
  if (kafkaBrokers !== undefined || (!kafkaTls && kafkaSaslMechanism === undefined)) return [];
  return [problem(set, 'it without KAFKA_BROKERS', 'brokers', `Set KAFKA_BROKERS, or unset ${set}.`)];
}

/** Files of TLS without TLS would be believed to guard something. */
function tlsFiles({ kafkaTls, kafkaTlsCa, kafkaTlsCert }: BootSettings): readonly SettingsProblem[] {
  const set = kafkaTlsCa === undefined ? 'KAFKA_TLS_CERT' : 'KAFKA_TLS_CA';
  if (kafkaTls || (kafkaTlsCa ?? kafkaTlsCert) === undefined) return [];
  return [problem(set, 'it without KAFKA_TLS', 'KAFKA_TLS=on', `Set KAFKA_TLS=on, or unset ${set}.`)];
}

function clientPair({ kafkaTlsCert: cert, kafkaTlsKey: key }: BootSettings): readonly SettingsProblem[] {
  if ((cert === undefined) === (key === undefined)) return [];
  const [set, missing] = cert ? ['KAFKA_TLS_CERT', 'KAFKA_TLS_KEY'] : ['KAFKA_TLS_KEY', 'KAFKA_TLS_CERT'];
  return [problem(set, `it without ${missing}`, 'both or neither', `Set ${missing}, or unset ${set}.`)];
}

function saslTogether(boot: BootSettings): readonly SettingsProblem[] {
  const parts = {
    KAFKA_SASL_MECHANISM: boot.kafkaSaslMechanism,
    KAFKA_SASL_USERNAME: boot.kafkaSaslUsername,
    KAFKA_SASL_PASSWORD: boot.kafkaSaslPassword,
  };
  const missing = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [name] : []));
  const [set = ''] = Object.keys(parts).filter((name) => !missing.includes(name));
  if (missing.length === 0 || missing.length === 3) return [];
  const mend = `Set ${missing.join(' and ')}, or none of them.`;
  return [problem(set, `it without ${missing.join(' and ')}`, 'all three or none', mend)];
}

function problem(setting: string, given: string, expected: string, mend: string): SettingsProblem {
  return { setting, where: WHERE, given, expected, mend };
}
