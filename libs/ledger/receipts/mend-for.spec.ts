import { describe, expect, it } from 'vitest';
import { mendFor, refusalOf } from './mend-for.js';

describe('a refusal', () => {
  it.each(['not_json', 'not_object', 'bad:timestamp', 'range:timestamp', 'missing:user_id', 'type:status'])(
    '%s tells its own way to mend it',
    (reason) => {
      expect(mendFor(reason)).not.toBe(mendFor('some_plugin_reason'));
      expect(mendFor(reason)).toMatch(/^Send .+\.$/);
    },
  );

  it('names the field at fault, whatever is in its name', () => {
    expect(refusalOf('missing:user_id')).toMatchObject({ code: 'missing:user_id', field: 'user_id' });
    expect(refusalOf('type:a:$&').mend).toContain('"a:$&"');
  });

  it('without a field has none, and an unknown one points to the quarantine', () => {
    expect(refusalOf('not_json')).not.toHaveProperty('field');
    expect(refusalOf('odd').mend).toContain('/api/v1/quarantine');
  });
});
