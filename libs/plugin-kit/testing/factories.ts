import type { EventTypeDeclaration, FieldDeclaration } from '#event-model';
import { PLUGIN_API_VERSION, type ParsedLine, type ParserPlugin, type PluginManifest } from '#plugin-kit';

/** A manifest that fits the folder `name`; a test changes what it is about. */
export function makeManifest(overrides: Partial<PluginManifest> = {}): PluginManifest {
  return {
    name: 'event-type-order',
    kind: 'event-type',
    version: '1.0.0',
    apiVersion: PLUGIN_API_VERSION,
    stability: 'experimental',
    title: 'Order',
    description: 'Orders of a shop.',
    ...overrides,
  };
}

/** An event type `order` with a keyword `state`; a test changes what it is about. */
export function makeEventType(overrides: Partial<EventTypeDeclaration> = {}): EventTypeDeclaration {
  return {
    name: 'order',
    title: 'Order',
    description: 'An order of a shop.',
    fields: [makeField()],
    sortBy: ['service', 'state'],
    rollUps: [{ name: 'orders_per_minute', by: ['state'] }],
    example: { message: 'order placed' },
    ...overrides,
  };
}

/** A keyword `state`; a test changes what it is about. */
export function makeField(overrides: Partial<FieldDeclaration> = {}): FieldDeclaration {
  return { name: 'state', type: 'keyword', description: 'How far it is.', ...overrides };
}

/** A parser plugin `parser-<name>` that makes of each line what `parse` says; it is as sure of a line as `sniff` says. */
export function makeParserPlugin(
  name: string,
  parse: (text: string) => ParsedLine,
  sniff: (text: string) => number = () => 0,
): ParserPlugin {
  const parser = {
    parse: (lines: readonly Uint8Array[]) => lines.map((line) => parse(Buffer.from(line).toString())),
    sniff: (line: Uint8Array) => sniff(Buffer.from(line).toString()),
  };
  return { kind: 'parser', manifest: makeManifest({ name: `parser-${name}`, kind: 'parser' }), parser };
}
