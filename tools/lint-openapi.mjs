// Lints the OpenAPI document by tools/openapi-rules.mjs. Reads docs/openapi.json, or the file that is named.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Spectral } from '@stoplight/spectral-core';
import { openApiRules } from './openapi-rules.mjs';
import { root } from './project-files.mjs';

const path = process.argv[2] ?? join(root, 'docs/openapi.json');
const spectral = new Spectral();
spectral.setRuleset(openApiRules);
const findings = await spectral.run(JSON.parse(await readFile(path, 'utf8')));
for (const { code, message, path: place } of findings)
  console.log(`${place.join('.')}: ${message} [${code}]`);
console.log(findings.length === 0 ? 'openapi: all is well' : `openapi: ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
