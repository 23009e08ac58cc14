/**
 * Lets plain Node 20 run this repository's TypeScript tools without a build:
 * `node --conditions=source --import ./test/support/typescript-loader.mjs tool.ts`. Types are checked by `npm run
 * typecheck`, not here.
 */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
