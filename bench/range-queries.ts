import {
  aggregation,
  checkFigures,
  checkPage,
  metricOf,
  moment,
  pageStatement,
  search,
  type QueryCase,
} from './query-case.js';
import type { QueryData } from './query-data.js';
import type { QueryReference } from './query-reference.js';

/** Share by which an approximate count of distinct values may be off. */
const UNIQUE_OFF = 0.02;

/** What analysts ask of many days of events. */
export function rangeQueries(
  data: QueryData,
  reference: QueryReference,
  eventId: string,
): readonly QueryCase[] {
  return [
    ...pages(data, reference),
    lookUp(eventId),
    traceQuery(data, reference),
    ...figures(data, reference),
  ];
}

function pages(data: QueryData, { service }: QueryReference): readonly QueryCase[] {
  const { range, within } = wholeOf(data);
  return [
    {
      ...search('R1', 'newest 100', range),
      statement: pageStatement(within),
      peers: '-',
      check: (answer, { newest }) => checkPage(answer, newest),
    },
    {
      ...search('R2', 'newest 100 of a service and ERROR', { ...range, service, level: 'ERROR' }),
      statement: pageStatement(`service = '${service}' AND level = 'ERROR' AND ${within}`),
      peers: '-',
      check: (answer, { newestErrors }) => checkPage(answer, newestErrors),
    },
    {
      ...search('R3', 'a rare word', { ...range, search: data.rareWord }),
      statement: pageStatement(`hasAllTokens(lowerUTF8(message), ['${data.rareWord}']) AND ${within}`),
      peers: '-',
      check: (answer, { rare }) => checkPage(answer, rare),
    },
  ];
}

function lookUp(eventId: string): QueryCase {
  const [block = '', row = ''] = eventId.split('-');
  return {
    ...{ name: 'R4', title: 'one event_id', path: `/api/v1/logs/${eventId}` },
    statement: (table) =>
      `SELECT * FROM ${table} WHERE block = unhex('${block}') AND row = ${Number(row)} LIMIT 1`,
    peers: '-',
    check: (answer) => (answer.event_id === eventId ? '' : `the event ${String(answer.event_id)}`),
  };
}

function traceQuery(data: QueryData, { trace }: QueryReference): QueryCase {
  const { range, within } = wholeOf(data);
  return {
    ...search('R5', 'one trace_id', { ...range, filters: { trace_id: trace } }),
    statement: pageStatement(`trace_id = unhex('${trace}') AND ${within}`),
    peers: '-',
    check: (answer, { ofTrace }) => checkPage(answer, ofTrace),
  };
}

function wholeOf({ startMs, endMs }: QueryData) {
  const range = { stream: 'bench', start_time: startMs, end_time: endMs };
  return { range, within: `timestamp >= ${moment(startMs)} AND timestamp < ${moment(endMs)}` };
}

function figures({ endMs }: QueryData, { weekStartMs }: QueryReference): readonly QueryCase[] {
  const week = { stream: 'bench', start_time: weekStartMs, end_time: endMs };
  const within = `timestamp >= ${moment(weekStartMs)} AND timestamp < ${moment(endMs)}`;
  return [
    {
      ...aggregation('R6', 'unique users by day, 7 days', {
        ...{ ...week, interval: '1d' },
        metrics: [{ function: 'unique', field: 'user_id', name: 'users' }],
      }),
      statement: (table) =>
        `SELECT toStartOfDay(timestamp) AS t, uniqCombined64(user_id) FROM ${table} WHERE ${within} GROUP BY t ORDER BY t`,
      peers: '-',
      check: (answer, { usersByDay }) => {
        const days = [...usersByDay].sort(([a], [b]) => a - b).map(([, users]) => users.size);
        return checkFigures(metricOf(answer, 'users'), days, UNIQUE_OFF);
      },
    },
    {
      ...aggregation('R7', 'top services, 7 days', { ...week, group_by: ['service'] }),
      statement: (table) =>
        `SELECT service, count() AS n FROM ${table} WHERE ${within} GROUP BY service ORDER BY n DESC LIMIT 10`,
      peers: '-',
      check: (answer, { lastWeekByService }) =>
        checkFigures(metricOf(answer, 'count'), lastWeekByService.top(10)),
    },
  ];
}
