import { defineInput, definePlugin } from '#plugin-kit';
import { KafkaInput } from './kafka-input.js';
import { kafkaOptions } from './kafka-options.js';
import manifest from './manifest.json' with { type: 'json' };

const input = defineInput(kafkaOptions, (context) => new KafkaInput(context));

export default definePlugin({ kind: 'input', manifest, input });
