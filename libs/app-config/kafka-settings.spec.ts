import { describe, expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError } from '#app-config';

const BROKERS = { KAFKA_BROKERS: 'a:9092,b:9092' };
const readText = (path: string): string => {
  if (path === 'ca.pem') return 'x';
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
};

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadSettings({ env, readText });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(formatProblem);
  }
}

describe('the settings of Kafka', () => {
  it('name brokers by host and port, and make a topic of 12 partitions that is kept for 7 days', () => {
    const { boot } = loadSettings({ env: BROKERS, readText });
    expect(boot).toMatchObject({
      kafkaBrokers: ['a:9092', 'b:9092'],
      kafkaPartitions: 12,
      kafkaRetentionHours: 168,
    });
  });

  it.each([
    ['a broker without a port', { KAFKA_BROKERS: 'a' }, 'a comma list of host:port'],
    ['a name that no topic has', { ...BROKERS, KAFKA_TOPIC_PREFIX: 'a/b' }, 'letters, digits'],
    ['TLS without brokers', { KAFKA_TLS: 'on' }, 'Set KAFKA_BROKERS'],
    ['authorities without TLS', { ...BROKERS, KAFKA_TLS_CA: 'ca.pem' }, 'Set KAFKA_TLS=on'],
    [
      'authorities that are not there',
      { ...BROKERS, KAFKA_TLS: 'on', KAFKA_TLS_CA: 'no.pem' },
      'KAFKA_TLS_CA',
    ],
    [
      'a certificate without its key',
      { ...BROKERS, KAFKA_TLS: 'on', KAFKA_TLS_CERT: 'ca.pem' },
      'Set KAFKA_TLS_KEY',
    ],
    [
      'a user alone',
      { ...BROKERS, KAFKA_SASL_USERNAME: 'u' },
      'Set KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD',
    ],
  ])('are refused with %s', (_what, env, mend) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(mend)]);
  });
});
