import { defined, pattern, schema, truthy } from '@stoplight/spectral-functions';
import { oas } from '@stoplight/spectral-rulesets';

const OPERATIONS = '$.paths[*][get,put,post,delete,patch]';
// Probes are answered in their own form, with 503 where they are down.
const GUARDED = '$.paths[?(!@property.match(/^.health/))][get,put,post,delete,patch]';
const SUCCESSES = `${OPERATIONS}.responses[?(@property.match(/^2/))]`;
const FAILURES = `${GUARDED}.responses[?(@property.match(/^[45]/))]`;

const DESCRIBED = { field: 'description', function: truthy };

/** What a caller of the API must find in its description, beyond what OpenAPI itself asks for. */
export const openApiRules = {
  extends: [[oas, 'recommended']],
  rules: {
    // Who runs the appliance is its contact, and its address is its own.
    'info-contact': 'off',
    'oas3-api-servers': 'off',
    'operation-operationId': 'error',
    'operation-description': 'error',
    'operation-tags': 'error',
    'operation-tag-defined': 'error',
    'operation-success-response': 'error',
    'oas3-valid-media-example': 'error',
    'oas3-valid-schema-example': 'error',
    'operation-has-a-summary': rule('The operation has no summary.', OPERATIONS, {
      field: 'summary',
      function: truthy,
    }),
    'operation-id-has-a-form': rule(
      'An operationId is letters, at most one _ between.',
      `${OPERATIONS}.operationId`,
      {
        function: pattern,
        functionOptions: { match: '^[A-Za-z]+(_[A-Za-z]+)?$' },
      },
    ),
    'tag-has-a-description': rule('The tag has no description.', '$.tags[*]', DESCRIBED),
    'parameter-has-a-description': rule(
      'The parameter has no description.',
      `${OPERATIONS}.parameters[*]`,
      DESCRIBED,
    ),
    'path-parameter-has-an-example': rule(
      'The path parameter has no example, so that the operation can not be tried.',
      `${OPERATIONS}.parameters[?(@.in == 'path')]`,
      { field: 'example', function: defined },
    ),
    'body-has-a-schema-and-an-example': rule(
      'A request body needs a schema and an example: {{error}}.',
      `${OPERATIONS}.requestBody.content[*]`,
      fits(withExample()),
    ),
    'success-has-content': rule('A success says what its body is.', SUCCESSES, {
      field: 'content',
      function: truthy,
    }),
    'success-has-a-schema-and-an-example': rule(
      'A success needs a schema and an example: {{error}}.',
      `${SUCCESSES}.content[*]`,
      fits(withExample()),
    ),
    'operation-names-its-failures': rule(
      'The operation names no answer that is no success.',
      `${GUARDED}.responses`,
      fits({ type: 'object', anyOf: failures() }),
    ),
    'failure-is-a-problem': rule(
      'A failure is application/problem+json with its codes as examples: {{error}}.',
      FAILURES,
      fits(problem()),
    ),
  },
};

function rule(message, given, check) {
  // oxlint-disable-next-line unicorn/no-thenable -- the word is Spectral's
  return { message, given, severity: 'error', then: check };
}

function fits(wanted) {
  return { function: schema, functionOptions: { schema: wanted } };
}

function withExample() {
  return {
    type: 'object',
    required: ['schema'],
    anyOf: [{ required: ['example'] }, { required: ['examples'] }],
  };
}

function failures() {
  return ['400', '401', '404', '500', '503'].map((status) => ({ required: [status] }));
}

function problem() {
  const examples = {
    type: 'object',
    minProperties: 1,
    additionalProperties: {
      type: 'object',
      required: ['value'],
      properties: { value: { type: 'object', required: ['status', 'code', 'title', 'detail', 'mend'] } },
    },
  };
  const content = { type: 'object', required: ['schema', 'examples'], properties: { examples } };
  return {
    type: 'object',
    required: ['description', 'content'],
    properties: {
      content: {
        type: 'object',
        required: ['application/problem+json'],
        properties: { 'application/problem+json': content },
      },
    },
  };
}
