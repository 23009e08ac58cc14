import { expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError } from '#app-config';

const BROKERS = { KAFKA_BROKERS: 'a:9092' };
const REDIS = { REDIS_URL: 'redis://a:6379' };
const CLICKHOUSE = { CLICKHOUSE_URL: 'http://a:8123' };
const YAML = 'kafka:\n  brokers: a:9092\n';

/** The problems or else the warnings of a start with these variables. */
function judge(env: Record<string, string>): { problems?: string[]; warnings?: readonly string[] } {
  try {
    return { warnings: loadSettings({ env, readText: () => YAML }).warnings };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { problems: error.problems.map(formatProblem) };
  }
}

it.each([
  [{ ...BROKERS, KAFKA_CA_FILE: 'ca.pem' }, 'KAFKA_CA_FILE', 'KAFKA_TLS_CA_FILE'],
  [{ ...BROKERS, KAFKA_BROKER: 'b:9092' }, 'KAFKA_BROKER', 'KAFKA_BROKERS'],
  [{ ALLUVIUM_CONFIG: 'a.yaml', KAFKA_USERNAME: 'u' }, 'KAFKA_USERNAME', 'KAFKA_SASL_USERNAME'],
  [{ ...REDIS, REDIS_PASSWROD: 'p' }, 'REDIS_PASSWROD', 'REDIS_PASSWORD'],
  [{ ...CLICKHOUSE, CLICKHOUSE_PASWORD: 'p' }, 'CLICKHOUSE_PASWORD', 'CLICKHOUSE_PASSWORD'],
])('what is nearly a setting of an engine in use is refused: %j', (env, name, meant) => {
  expect(judge(env)).toEqual({
    problems: [
      `${name} (environment): given a variable that no setting has, expected a name from docs/reference/settings.md. Did you mean ${meant}? Or unset it for this process, where another program means it.`,
    ],
  });
});

it('what is not near one, or of an engine that is not in use, is warned of, without its value', () => {
  const others = { ...BROKERS, KAFKA_HEAP_OPTS: '-Xmx1g', KAFKA_OPTS: 'x', CLICKHOUSE_DB: 'secret' };
  expect(judge({ ...others, REDIS_URI: 'redis://u:secret@a:6379', REDIS_HOST: 'secret' })).toEqual({
    warnings: [
      'No setting has these variables, which are ignored: CLICKHOUSE_DB. CLICKHOUSE_URL is not set, so that the engine is not used.',
      'No setting has these variables, which are ignored: KAFKA_HEAP_OPTS, KAFKA_OPTS.',
      'No setting has these variables, which are ignored: REDIS_URI (Did you mean REDIS_URL?), REDIS_HOST. REDIS_URL is not set, so that the engine is not used.',
    ],
  });
});

it('nothing is said of settings, of empty variables, and of what Kubernetes sets for a service of that name', () => {
  const links = {
    REDIS_PORT: 'tcp://10.0.0.1:6379',
    KAFKA_SERVICE_HOST: '10.0.0.1',
    KAFKA_PORT_9092_TCP_PORT: '9092',
  };
  expect(judge({ ...BROKERS, ...REDIS, ...links, KAFKA_TOPIC_PREFIX: 'mine', KAFKA_BROKER: '' })).toEqual({
    warnings: [],
  });
});
