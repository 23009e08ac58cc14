import { buildOpenApiDocument } from '../../dist/apps/api/openapi/build-openapi-document.js';
import { renderErrorsPage } from '../../dist/apps/api/problems/errors-page.js';

/** The OpenAPI document and the page of error codes. */
export async function generate() {
  return [
    { path: 'docs/openapi.json', text: `${JSON.stringify(await buildOpenApiDocument(), null, 2)}\n` },
    { path: 'docs/reference/errors.md', text: renderErrorsPage() },
  ];
}
