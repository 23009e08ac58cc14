import { z } from 'zod';
import { printPolicy, readPolicy } from '#retention-policy';
import { bootSetting } from './setting.js';
import type { ValueType } from './value-type.js';

/** The text of a policy, in the one form that it is printed in. */
const policy: ValueType<string> = {
  schema: z.string().transform((text, context) => {
    const { stays, mistake } = readPolicy(text);
    if (stays) return printPolicy(stays);
    context.issues.push({ code: 'custom', input: text, message: `${mistake.message}: ${mistake.mend}` });
    return z.NEVER;
  }),
  expected: 'a policy of whole days, such as search 30d -> delete, or forever',
  print: String,
};

/** How long events are kept, that is read at start. */
export const retentionSettings = {
  defaultRetention: bootSetting({
    path: 'default_retention',
    type: policy,
    default: 'search 30d -> delete',
    description:
      'How long streams keep events that no retention policy is for. Nothing of a tenant is deleted before a first plan of it was applied.',
  }),
};
