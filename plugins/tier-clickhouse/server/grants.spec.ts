import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLUSTER_GRANTS, GRANTS } from './grants.js';

it('the guide lists the grants that are checked', () => {
  const guide = readFileSync('docs/guide/clickhouse-server.md', 'utf8');
  const listed = [...guide.matchAll(/^GRANT (.*) TO alluvium;$/gm)].map(([, grant]) => grant);
  expect(listed).toEqual([...GRANTS, ...CLUSTER_GRANTS]);
});
