import { describe, expect, it } from 'vitest';
import { eventTypeJsonSchema } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';

describe('the JSON Schema of an event type', () => {
  const total = makeField({ name: 'total', type: 'uint16', aliases: ['sum', 'order.total'], required: true });
  const schema = eventTypeJsonSchema(makeEventType({ fields: [makeField(), total] }));

  it('shows the built-in fields and the declared ones', () => {
    expect(Object.keys(schema['properties'] as object)).toEqual(
      'timestamp id event_type level service host message trace_id span_id state total'.split(' '),
    );
  });

  it('says of each field what it takes and where else it is read from', () => {
    expect(schema['properties']).toMatchObject({
      total: { type: 'integer', minimum: 0, maximum: 65_535 },
      state: { type: 'string', description: 'How far it is.' },
      trace_id: { pattern: '^[0-9a-fA-F]{32}$', description: expect.stringContaining('traceId') },
      timestamp: { description: expect.stringContaining('@timestamp') },
      event_type: { description: expect.stringContaining('order') },
    });
    const { total: shown } = schema['properties'] as { total: { description: string } };
    expect(shown.description).toBe('How far it is. Also read from: sum, order.total.');
  });

  it('wants a required field under any of its keys', () => {
    expect(schema['allOf']).toEqual([
      { anyOf: [{ required: ['total'] }, { required: ['sum'] }, { required: ['order.total'] }] },
    ]);
    expect(eventTypeJsonSchema(makeEventType())).not.toHaveProperty('allOf');
  });

  it('allows undeclared keys, and carries the title and the example', () => {
    expect(schema).toMatchObject({
      type: 'object',
      title: 'Order',
      additionalProperties: true,
      example: { message: 'order placed' },
    });
  });
});
