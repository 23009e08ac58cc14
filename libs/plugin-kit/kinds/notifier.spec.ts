import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNotifier, NotifyError, notifierName, notifierProblems } from '#plugin-kit';

const context = { options: {}, mayReach: () => true, readSecret: async () => '' };

describe('a notifier', () => {
  it('is made of checked options, with their defaults', () => {
    const seen: unknown[] = [];
    const never = { notify: async () => {}, close: async () => {} };
    const declared = defineNotifier(z.strictObject({ n: z.number().default(3) }), ({ options }) => {
      seen.push(options);
      return never;
    });
    expect(declared.create(context)).toBe(never);
    expect(seen).toEqual([{ n: 3 }]);
    expect(() => declared.create({ ...context, options: { n: 'x' } })).toThrow(z.ZodError);
  });

  it('is named as its plugin without the kind', () => {
    expect(notifierName({ name: 'notifier-webhook' })).toBe('webhook');
  });

  it.each([undefined, null, 5, {}, { options: {}, create: 1 }])('is not loaded as %j', (declared) => {
    expect(notifierProblems(declared)).toHaveLength(2);
  });

  it('says whether another try may help, and what mends it', () => {
    const error = new NotifyError('no', { retryable: false, mend: 'Mend it.' });
    expect([error.code, error.retryable, error.mend]).toEqual(['notify_failed', false, 'Mend it.']);
  });
});
