/** What the user of a server must be granted; the databases are those of tenants. */
export const GRANTS: readonly string[] = [
  'CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, TRUNCATE, ALTER, SHOW, SELECT, INSERT ON `tenant_`*.*',
  'TABLE ENGINE ON MergeTree',
  'TABLE ENGINE ON AggregatingMergeTree',
  'TABLE ENGINE ON Memory',
  'TABLE ENGINE ON Merge',
  'TABLE ENGINE ON Null',
  'CREATE TEMPORARY TABLE ON *.*',
  'SELECT ON system.tables',
  'SELECT ON system.parts',
  'SELECT ON system.merges',
  'SELECT ON system.processes',
];

/** What it needs besides on each member of a cluster. */
export const CLUSTER_GRANTS: readonly string[] = ['TABLE ENGINE ON Distributed', 'SELECT ON system.clusters'];
