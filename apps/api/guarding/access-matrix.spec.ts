import { Controller, Get, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_SCOPES, type Scope } from '#access';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { RequireScope } from './access-metadata.js';
import type { KnownRoute } from './route-table.js';
import { RouteTable } from './route-table.js';

let api: TestApi;
let routes: readonly KnownRoute[];

beforeAll(async () => {
  api = await startTestApi();
  routes = api.app.get(RouteTable).routes.filter(({ method }) => method !== 'HEAD');
});
afterAll(() => api.stop());

const statusOf = async ({ method, url }: KnownRoute, headers: Record<string, string>): Promise<number> => {
  const path = url.replaceAll(/:\w+/g, 'x');
  // Not from this machine, so that no route opens for loopback.
  const answer = await api.inject({
    method: method as 'GET',
    url: path,
    headers,
    remoteAddress: '192.0.2.7',
    // A live tail's answer has no end.
    payloadAsStream: true,
  });
  answer.stream().destroy();
  return answer.statusCode;
};

describe('the routes of the server', () => {
  it('are all known to this test, with who may call them', () => {
    const table = routes.map(({ method, url, rules }) => {
      const access = rules?.access;
      return `${method} ${url} ${access?.kind === 'scope' ? access.anyOf.join('|') : access?.kind}`;
    });
    expect(table.sort()).toEqual([
      'DELETE /api/v1/archives/attached/:stream streams:admin',
      'DELETE /api/v1/archives/restored/:stream streams:admin',
      'DELETE /api/v1/archives/trash retention:write|streams:admin',
      'DELETE /api/v1/enrichments/:enrichment streams:admin',
      'DELETE /api/v1/event-types/:event_type streams:admin',
      'DELETE /api/v1/holds/:hold retention:write|streams:admin',
      'DELETE /api/v1/inputs/:input system',
      'DELETE /api/v1/jobs/:job streams:admin|retention:write',
      'DELETE /api/v1/keys/:id keys:admin|system',
      'DELETE /api/v1/notifiers/:notifier system',
      'DELETE /api/v1/parsers/:parser system',
      'DELETE /api/v1/parsers/:parser/shadows/:shadow streams:admin',
      'DELETE /api/v1/redactions/:redaction streams:admin',
      'DELETE /api/v1/retention/policies/:policy retention:write|streams:admin',
      'DELETE /api/v1/rules/:rule streams:admin',
      'GET / public',
      'GET /api/v1/archives/attached logs:read|streams:admin',
      'GET /api/v1/archives/attached/:stream logs:read|streams:admin',
      'GET /api/v1/archives/compaction retention:read|retention:write|streams:admin',
      'GET /api/v1/archives/restored logs:read|streams:admin',
      'GET /api/v1/archives/restored/:stream logs:read|streams:admin',
      'GET /api/v1/archives/trash retention:read|retention:write|streams:admin',
      'GET /api/v1/audit audit:read|system',
      'GET /api/v1/audit/export audit:read|system',
      'GET /api/v1/audit/verify audit:read|system',
      'GET /api/v1/backups system',
      'GET /api/v1/backups/:job system',
      'GET /api/v1/disk metrics|system',
      'GET /api/v1/enrichments streams:admin',
      'GET /api/v1/enrichments/:enrichment streams:admin',
      'GET /api/v1/event-types logs:read|events:write|streams:admin',
      'GET /api/v1/event-types/:event_type logs:read|events:write|streams:admin',
      'GET /api/v1/fields logs:read',
      'GET /api/v1/holds retention:read|retention:write|streams:admin',
      'GET /api/v1/holds/:hold retention:read|retention:write|streams:admin',
      'GET /api/v1/inputs system',
      'GET /api/v1/inputs/:input system',
      'GET /api/v1/jobs/:job streams:admin|quarantine:read|retention:read|retention:write',
      'GET /api/v1/keys keys:admin|system',
      'GET /api/v1/keys/:id keys:admin|system',
      'GET /api/v1/ledger logs:read',
      'GET /api/v1/logs logs:read',
      'GET /api/v1/logs/:event_id logs:read',
      'GET /api/v1/logs/:event_id/context logs:read',
      'GET /api/v1/logs/export logs:read',
      'GET /api/v1/logs/tail logs:read',
      'GET /api/v1/migration system',
      'GET /api/v1/notifiers system',
      'GET /api/v1/notifiers/:notifier system',
      'GET /api/v1/parsers logs:read|events:write|streams:admin',
      'GET /api/v1/parsers/:parser logs:read|events:write|streams:admin',
      'GET /api/v1/parsers/:parser/shadows logs:read',
      'GET /api/v1/parsers/:parser/versions logs:read|streams:admin|system',
      'GET /api/v1/plugins system',
      'GET /api/v1/quarantine quarantine:read',
      'GET /api/v1/quarantine/actions quarantine:read|streams:admin',
      'GET /api/v1/quarantine/counts quarantine:read',
      'GET /api/v1/quarantine/export quarantine:read',
      'GET /api/v1/receipts/:receipt events:write|quarantine:read',
      'GET /api/v1/redactions streams:admin',
      'GET /api/v1/retention/plans/:plan retention:read|retention:write|streams:admin',
      'GET /api/v1/retention/policies retention:read|retention:write|streams:admin',
      'GET /api/v1/retention/policies/:policy retention:read|retention:write|streams:admin',
      'GET /api/v1/retention/runs retention:read|retention:write|streams:admin',
      'GET /api/v1/retention/runs/:run retention:read|retention:write|streams:admin',
      'GET /api/v1/retention/status retention:read|retention:write|streams:admin',
      'GET /api/v1/retention/versions retention:read|retention:write|streams:admin',
      'GET /api/v1/rules streams:admin',
      'GET /api/v1/rules/:rule streams:admin',
      'GET /api/v1/settings system',
      'GET /api/v1/streams logs:read|streams:admin',
      'GET /api/v1/streams/:stream logs:read|streams:admin',
      'GET /api/v1/streams/:stream/reparse streams:admin',
      'GET /api/v1/streams/:stream/roll-ups/check logs:read|streams:admin',
      'GET /api/v1/tenants system',
      'GET /api/v1/tenants/:tenant system',
      'GET /console/:file public',
      'GET /health/live public',
      'GET /health/ready public',
      'GET /health/startup public',
      'GET /metrics metrics|system',
      'PATCH /api/v1/inputs/:input system',
      'PATCH /api/v1/rules/:rule streams:admin',
      'PATCH /api/v1/settings system',
      'POST /api/v1/archives/attach streams:admin',
      'POST /api/v1/archives/attach/estimate streams:admin',
      'POST /api/v1/archives/compaction retention:write|streams:admin',
      'POST /api/v1/archives/restore streams:admin',
      'POST /api/v1/archives/restore/estimate streams:admin',
      'POST /api/v1/archives/undelete retention:write|streams:admin',
      'POST /api/v1/backups system',
      'POST /api/v1/enrichments/:enrichment/reload streams:admin',
      'POST /api/v1/enrichments/dry-run streams:admin',
      'POST /api/v1/event-types streams:admin',
      'POST /api/v1/event-types/dry-run streams:admin',
      'POST /api/v1/events events:write',
      'POST /api/v1/holds retention:write|streams:admin',
      'POST /api/v1/inputs system',
      'POST /api/v1/inputs/:input/start system',
      'POST /api/v1/inputs/:input/stop system',
      'POST /api/v1/keys keys:admin|system',
      'POST /api/v1/logs logs:read',
      'POST /api/v1/logs/aggregate logs:read',
      'POST /api/v1/logs/export logs:read',
      'POST /api/v1/notifiers/:notifier/test system',
      'POST /api/v1/parsers/:parser/diff logs:read|events:write|streams:admin|quarantine:read',
      'POST /api/v1/parsers/:parser/dry-run logs:read|events:write|streams:admin|quarantine:read',
      'POST /api/v1/parsers/:parser/rollback system',
      'POST /api/v1/parsers/:parser/shadows streams:admin',
      'POST /api/v1/parsers/:parser/versions/:version/activate system',
      'POST /api/v1/parsers/dry-run system',
      'POST /api/v1/plugins/reload system',
      'POST /api/v1/quarantine/replay streams:admin',
      'POST /api/v1/quarantine/resolve streams:admin',
      'POST /api/v1/redactions/dry-run streams:admin',
      'POST /api/v1/retention/apply retention:write|streams:admin',
      'POST /api/v1/retention/plan retention:read|retention:write|streams:admin',
      'POST /api/v1/retention/rollback retention:write|streams:admin',
      'POST /api/v1/rules/dry-run streams:admin',
      'POST /api/v1/streams streams:admin',
      'POST /api/v1/streams/:stream/events events:write',
      'POST /api/v1/streams/:stream/reparse streams:admin',
      'POST /api/v1/streams/:stream/reparse/plan streams:admin',
      'POST /api/v1/tenants system',
      'PUT /api/v1/enrichments/:enrichment streams:admin',
      'PUT /api/v1/event-types/:event_type streams:admin',
      'PUT /api/v1/notifiers/:notifier system',
      'PUT /api/v1/parsers/:parser system',
      'PUT /api/v1/redactions/:redaction streams:admin',
      'PUT /api/v1/retention/policies/:policy retention:write|streams:admin',
      'PUT /api/v1/rules streams:admin',
      'PUT /api/v1/rules/:rule streams:admin',
    ]);
  });

  it('answer nobody without a valid key, but for probes', async () => {
    for (const route of routes) {
      const open = route.rules?.access.kind === 'public';
      for (const headers of [{}, { authorization: 'Bearer alv_aaaaaaaa_wrong' }, { authorization: 'x' }])
        expect([route.url, (await statusOf(route, headers)) === 401]).toEqual([route.url, !open]);
    }
  });

  it('answer a key only where it has one of the scopes', async () => {
    for (const route of routes) {
      const access = route.rules?.access;
      const needed: readonly Scope[] = access?.kind === 'scope' ? access.anyOf : [];
      for (const scope of ALL_SCOPES) {
        const status = await statusOf(route, { authorization: api.access.add(scope, [scope]) });
        const denied = needed.length > 0 && !needed.includes(scope);
        expect([route.url, scope, status === 403]).toEqual([route.url, scope, denied]);
      }
    }
  });
});

it('fails the start where a route says not who may call it, and names it', async () => {
  @Controller('secrets')
  class OpenController {
    @Get()
    list(): string {
      return 'everything';
    }
  }
  await expect(startTestApi({ controllers: [OpenController] })).rejects.toThrow('GET /secrets');
});

it('fails the start where a route that could change something says not what is recorded, and names it', async () => {
  @Controller('secrets')
  class UnrecordedController {
    @Post()
    @RequireScope('system')
    change(): string {
      return 'changed';
    }
  }
  await expect(startTestApi({ controllers: [UnrecordedController] })).rejects.toThrow('POST /secrets');
});
