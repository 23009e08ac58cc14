import { defineNotifier, definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { WebhookNotifier } from './webhook-notifier.js';
import { webhookOptions } from './webhook-options.js';

const notifier = defineNotifier(webhookOptions, (context) => new WebhookNotifier(context));

export default definePlugin({ kind: 'notifier', manifest, notifier });
