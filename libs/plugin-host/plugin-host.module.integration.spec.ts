import 'reflect-metadata';
import { Inject, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { createLogger, LoggerModule, MetricsModule } from '#observability';
import { PLUGIN_REGISTRY, PluginHostModule, type PluginRegistry } from '#plugin-host';

class Consumer {
  constructor(@Inject(PLUGIN_REGISTRY) readonly registry: PluginRegistry) {}
}

@Module({ providers: [Consumer] })
class ConsumerModule {}

const SERVICES = [LoggerModule.forRoot(createLogger('fatal')), MetricsModule.forRoot()];

describe('PluginHostModule', () => {
  it('gives the registry to modules that never import it', async () => {
    const folder = new URL('../../plugins/', import.meta.url);
    const app = await Test.createTestingModule({
      imports: [...SERVICES, PluginHostModule.forRoot({ folder }), ConsumerModule],
    }).compile();
    expect(app.get(Consumer).registry.eventTypes.get('log')?.title).toBe('Log record');
    await app.close();
  });

  it('stops the start where a plugin is broken', async () => {
    const folder = new URL('no-such-folder/', import.meta.url);
    const start = Test.createTestingModule({
      imports: [...SERVICES, PluginHostModule.forRoot({ folder })],
    }).compile();
    await expect(start).rejects.toThrow(/Plugins can't be loaded/);
  });
});
