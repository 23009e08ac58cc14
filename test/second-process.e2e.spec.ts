import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from './support/api-client.js';
import { StartError, startAppliance, type Appliance } from './support/start-appliance.js';

describe('a second process on the same data directory (F20)', () => {
  let appliance: Appliance | undefined;
  afterEach(() => appliance?.dispose());

  it('is refused with a message that names the directory, and the first goes on unharmed', async () => {
    appliance = await startAppliance();
    const { dataDirectory } = appliance;
    const refused = await startAppliance({ dataDirectory }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StartError);
    expect((refused as StartError).exit?.code).toBeGreaterThan(0);
    expect((refused as StartError).message).toContain(dataDirectory);
    const answer = await new ApiClient(appliance).send('default', Buffer.from('{"message":"unharmed"}\n'), {
      prefer: 'wait=10',
    });
    expect(answer).toMatchObject({ status: 200, body: { stored: 1, pending: 0 } });
  });

  it('may start as soon as the first was killed', async () => {
    appliance = await startAppliance();
    await appliance.kill();
    await appliance.restart();
    expect(appliance.isRunning).toBe(true);
  });
});
