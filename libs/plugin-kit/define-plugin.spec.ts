import { describe, expect, it } from 'vitest';
import { definePlugin, isPlugin } from '#plugin-kit';
import { makeEventType, makeManifest } from '#plugin-kit/testing';

const definition = { kind: 'event-type', manifest: makeManifest(), eventType: makeEventType() } as const;

describe('definePlugin', () => {
  it('marks the plugin, which an object of the same shape is not', () => {
    expect(isPlugin(definePlugin(definition))).toBe(true);
    expect(isPlugin({ ...definition })).toBe(false);
    expect([isPlugin(undefined), isPlugin(null), isPlugin('event-type')]).toEqual([false, false, false]);
  });

  it('gives a plugin that nobody can change afterwards', () => {
    const plugin: object = definePlugin(definition);
    expect(Reflect.set(plugin, 'kind', 'tier')).toBe(false);
    expect(plugin).toEqual(definition);
  });

  it('refuses a manifest that is none', () => {
    expect(() => definePlugin({ ...definition, manifest: { name: 'order' } })).toThrow(/<kind>-<name>/);
  });
});
