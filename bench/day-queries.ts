import {
  aggregation,
  checkFigures,
  checkPage,
  metricOf,
  moment,
  pageStatement,
  search,
  type Answer,
  type QueryCase,
} from './query-case.js';
import type { QueryData } from './query-data.js';
import { PHRASE, SUBSTRING, type Newest, type QueryReference } from './query-reference.js';

const HOUR_MS = 3_600_000;
/** Share of the events by which the rank of an approximate percentile may be off. */
const RANK_OFF = 0.003;
/** Share by which an approximate count of distinct values may be off. */
const UNIQUE_OFF = 0.02;

/** The queries that the peers were asked too, over a day of events. */
export function dayQueries(data: QueryData, reference: QueryReference): readonly QueryCase[] {
  return [
    serviceErrors(data, reference),
    ...pageQueries(data, reference),
    ...textQueries(data),
    ...groupQueries(data),
    ...userQueries(data),
    latencyQuery(data),
  ];
}

function serviceErrors(data: QueryData, { service }: QueryReference): QueryCase {
  const startMs = data.endMs - HOUR_MS;
  const lastHour = { ...data, startMs };
  const body = { ...rangeOf(lastHour), service, level: 'ERROR' };
  return {
    ...search('Q1', 'newest 100 of a service and ERROR, last hour', body),
    statement: pageStatement(`service = '${service}' AND level = 'ERROR' AND ${withinOf(lastHour)}`),
    peers: '5.1 / 14 / 3.2',
    check: pageCheck(({ newestServiceErrors }) => newestServiceErrors),
  };
}

function pageQueries(data: QueryData, { user, trace }: QueryReference): readonly QueryCase[] {
  const range = rangeOf(data);
  const within = withinOf(data);
  return [
    {
      ...search('Q3', 'a rare word, newest 100', { ...range, search: data.rareWord }),
      statement: pageStatement(`${hasTokens([data.rareWord])} AND ${within}`),
      peers: '44 / 10.5 / 3,730',
      check: pageCheck(({ rare }) => rare),
    },
    {
      ...search('Q7', 'one trace_id', { ...range, filters: { trace_id: trace } }),
      statement: pageStatement(`trace_id = unhex('${trace}') AND ${within}`),
      peers: '3.1 / 4.0 / 4,510',
      check: pageCheck(({ ofTrace }) => ofTrace),
    },
    {
      ...search('QU', 'newest 100 of one user', { ...range, filters: { user_id: user } }),
      statement: pageStatement(`user_id = '${user}' AND ${within}`),
      peers: '-',
      check: pageCheck(({ ofUser }) => ofUser),
    },
  ];
}

function textQueries(data: QueryData): readonly QueryCase[] {
  const range = rangeOf(data);
  const within = withinOf(data);
  const phrase = `${hasTokens(PHRASE.split(' '))} AND position(lowerUTF8(message), '${PHRASE}') > 0`;
  return [
    {
      ...aggregation('Q4', 'count of a phrase', { ...range, search: `"${PHRASE}"` }),
      statement: (table) => `SELECT count() FROM ${table} WHERE ${phrase} AND ${within}`,
      peers: '11 / 6 / 5,400',
      check: (answer, { phrases }) => checkFigures(metricOf(answer, 'count'), [phrases]),
    },
    {
      ...aggregation('Q4b', 'count of a substring across token ends', {
        ...range,
        query: `message:*${SUBSTRING.replaceAll(' ', '\\ ')}*`,
      }),
      statement: (table) =>
        `SELECT count() FROM ${table} WHERE position(lowerUTF8(message), '${SUBSTRING}') > 0 AND ${within}`,
      peers: '184 / - / 4,810',
      check: (answer, { substrings }) => checkFigures(metricOf(answer, 'count'), [substrings]),
    },
  ];
}

function groupQueries(data: QueryData): readonly QueryCase[] {
  const range = rangeOf(data);
  const within = withinOf(data);
  return [
    {
      ...aggregation('Q2', 'count by level and minute', { ...range, group_by: ['level'], interval: '1m' }),
      statement: (table) =>
        `SELECT toStartOfMinute(timestamp) AS t, level, count() FROM ${table} WHERE ${within} GROUP BY t, level ORDER BY t, level`,
      peers: '164 / 198 / 6,600',
      check: checkLevels,
    },
    {
      ...aggregation('Q5', 'top 10 hosts by errors', { ...range, level: 'ERROR', group_by: ['host'] }),
      statement: (table) =>
        `SELECT host, count() AS n FROM ${table} WHERE level = 'ERROR' AND ${within} GROUP BY host ORDER BY n DESC LIMIT 10`,
      peers: '10.5 / 12 / refused',
      check: (answer, { errorsByHost }) => checkFigures(metricOf(answer, 'count'), errorsByHost.top(10)),
    },
  ];
}

function userQueries(data: QueryData): readonly QueryCase[] {
  const range = rangeOf(data);
  const within = withinOf(data);
  const users = (exact: boolean) => ({
    ...range,
    metrics: [{ function: 'unique', field: 'user_id', name: 'users', exact }],
  });
  return [
    {
      ...aggregation('Q6', 'unique users, within 2 %', users(false)),
      statement: (table) => `SELECT uniqCombined64(user_id) FROM ${table} WHERE ${within}`,
      peers: '269 exact / 63 / refused',
      check: (answer, { users: { size } }) => checkFigures(metricOf(answer, 'users'), [size], UNIQUE_OFF),
    },
    {
      ...aggregation('Q6x', 'unique users, exact', users(true)),
      statement: (table) => `SELECT uniqExact(user_id) FROM ${table} WHERE ${within}`,
      peers: '269 / 63 approx. / refused',
      check: (answer, { users: { size } }) => checkFigures(metricOf(answer, 'users'), [size]),
    },
  ];
}

function latencyQuery(data: QueryData): QueryCase {
  const range = rangeOf(data);
  const within = withinOf(data);
  const latency = [
    { function: 'avg', field: 'latency_ms', name: 'avg' },
    { function: 'percentile', field: 'latency_ms', percentile: 99, name: 'p99' },
  ];
  return {
    ...aggregation('Q8', 'avg and p99 of latency by service and 5 min', {
      ...{ ...range, metrics: latency },
      ...{ group_by: ['service'], interval: '5m' },
    }),
    statement: (table) =>
      `SELECT toStartOfFiveMinutes(timestamp) AS t, service, avg(latency_ms), quantileTDigest(0.99)(latency_ms) FROM ${table} WHERE ${within} GROUP BY t, service ORDER BY t, service`,
    peers: '2,840 / 786 / 28,000',
    check: checkLatencies,
  };
}

function checkLevels({ buckets = [] }: Answer, { levelsByMinute }: QueryReference): string {
  if (buckets.length !== levelsByMinute.counts.size)
    return `${buckets.length} buckets, not ${levelsByMinute.counts.size}`;
  const keys = buckets.map(({ time = '', group }) => `${Date.parse(time) / 60_000} ${group['level']}`);
  const expected = keys.map((key) => levelsByMinute.counts.get(key) ?? -1);
  return checkFigures(metricOf({ buckets }, 'count'), expected);
}

function checkLatencies({ buckets = [] }: Answer, reference: QueryReference): string {
  if (buckets.length !== reference.latencies.size)
    return `${buckets.length} buckets, not ${reference.latencies.size}`;
  for (const { time = '', group, metrics } of buckets) {
    const bucket = `${Date.parse(time) / 300_000} ${group['service']}`;
    const [low, high] = reference.latencyRange(bucket, 0.99, RANK_OFF);
    const { avg = Number.NaN, p99 = Number.NaN } = metrics;
    const mean = reference.meanLatency(bucket);
    if (!(Math.abs(avg - mean) <= 1e-9 * mean)) return `an average of ${avg} where ${mean} is right`;
    // The sketch keeps its values as 32-bit floats.
    if (!(p99 >= low * (1 - 1e-6) && p99 <= high * (1 + 1e-6)))
      return `a p99 of ${p99} outside ${low} to ${high}`;
  }
  return '';
}

function pageCheck(choose: (reference: QueryReference) => Newest): QueryCase['check'] {
  return (answer, reference) => checkPage(answer, choose(reference));
}

function rangeOf({ startMs, endMs }: QueryData) {
  return { stream: 'bench', start_time: startMs, end_time: endMs };
}

function withinOf({ startMs, endMs }: QueryData): string {
  return `timestamp >= ${moment(startMs)} AND timestamp < ${moment(endMs)}`;
}

function hasTokens(words: readonly string[]): string {
  return `hasAllTokens(lowerUTF8(message), [${words.map((word) => `'${word}'`).join(', ')}])`;
}
