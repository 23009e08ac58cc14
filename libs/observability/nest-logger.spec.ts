import { expect, it } from 'vitest';
import { createLogger, NestLogger } from '#observability';

it("writes the framework's lines with their level and speaker; its chatter at start is debug", () => {
  const lines: unknown[] = [];
  const logger = createLogger('debug', { write: (line) => void lines.push(JSON.parse(line)) });
  const nest = new NestLogger(logger);
  nest.log('Mapped {/api}', 'RouterExplorer');
  nest.error('broken', 'at somewhere', 'ExceptionsHandler');
  nest.warn('careful');
  expect(lines).toMatchObject([
    { level: 'debug', msg: 'Mapped {/api}', context: 'RouterExplorer' },
    { level: 'error', msg: 'broken', context: 'ExceptionsHandler', stack: 'at somewhere' },
    { level: 'warn', msg: 'careful' },
  ]);
});
