import { expect, it } from 'vitest';
import { tableNames } from '../schema/names.js';
import { overShards } from './over-shards.js';

const names = tableNames('acme', 'web');

it('asks the distributed tables in the place of each table of a stream', () => {
  const statement = `SELECT * FROM ${names.stream} UNION ALL SELECT * FROM ${names.rollUp('per_minute')} UNION ALL SELECT * FROM ${names.quarantine}`;
  expect(overShards(statement)).toBe(
    `SELECT * FROM ${names.distributedStream} UNION ALL SELECT * FROM ${names.distributedRollUp('per_minute')} UNION ALL SELECT * FROM ${names.distributedQuarantine}`,
  );
});

it('reads parts and days of all shards', () => {
  const statement = 'SELECT _partition_value.1 FROM system.parts WHERE database = {database:String}';
  expect(overShards(statement, { database: 'tenant_acme' })).toBe(
    "SELECT toUInt32(splitByChar('-', _partition_id)[1]) FROM `tenant_acme`.`distributed_parts` WHERE database = {database:String}",
  );
});

it('leaves every other text as it is', () => {
  const statement = `SELECT 'stream.web', \`stream\` FROM ${names.events} WHERE message = {p0:String}`;
  expect(overShards(statement, { p0: names.stream })).toBe(statement);
});
