import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { CATALOGUE, CatalogueModule, type Catalogue } from './index.js';

it('the module hands out a catalogue that keeps its documents over a restart and stops with the app', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'alluvium-catalogue-module-')), 'catalogue');
  const start = async () => {
    const app = await Test.createTestingModule({
      imports: [CatalogueModule.register({ directory })],
    }).compile();
    return { app, catalogue: app.get<Catalogue>(CATALOGUE) };
  };
  const first = await start();
  await first.catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
  await first.app.close();
  await expect(first.catalogue.read('things', 'a')).rejects.toMatchObject({ code: 'catalogue_unavailable' });
  const second = await start();
  expect((await second.catalogue.read('things', 'a'))?.value).toBe(1);
  await second.app.close();
  rmSync(join(directory, '..'), { recursive: true });
});
