import { expect, it } from 'vitest';
import type { CatalogueStatus } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { HealthState } from '#observability';
import { CatalogueHealth } from './catalogue-health.js';

const UP: CatalogueStatus = { engine: 'mongodb', members: { alive: 2, known: 3 } };

class Served extends MemoryCatalogue {
  said = UP;

  status(): CatalogueStatus {
    return this.said;
  }
}

async function partOf(catalogue: MemoryCatalogue) {
  const health = new HealthState();
  new CatalogueHealth(health, catalogue).onModuleInit();
  return (await health.ready()).get('catalogue');
}

it('a catalogue on a server is a part of readiness: up, or degraded with what to mend', async () => {
  const served = new Served();
  const members = { members_alive: 2, members_known: 3 };
  expect(await partOf(served)).toEqual({ status: 'up', detail: members });
  served.said = { ...UP, fault: 'MongoDB is out' };
  expect(await partOf(served)).toEqual({
    status: 'degraded',
    detail: { ...members, error: 'MongoDB is out' },
  });
});

it('one within the process is none', async () => {
  expect(await partOf(new MemoryCatalogue())).toBeUndefined();
});
