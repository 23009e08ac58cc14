import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { EVENT_BUS, EventBusModule, type InspectableEventBus } from '#event-bus';
import { makeBatch } from '#event-bus/testing';

const directory = mkdtempSync(join(tmpdir(), 'alluvium-bus-module-'));

afterEach(() => rmSync(directory, { recursive: true }));

describe('the event bus module', () => {
  it('hands out a bus that is ready, and stops it when the application closes', async () => {
    const reached: string[] = [];
    const reach = (point: string): void => void reached.push(point);
    const application = await Test.createTestingModule({
      imports: [EventBusModule.register({ directory, reach })],
    }).compile();
    const bus = application.get<InspectableEventBus>(EVENT_BUS);
    await bus.publish([makeBatch('1')]);
    expect(bus.backlog().blocks).toBe(1);
    expect(reached).toEqual(['bus.before-commit', 'bus.after-commit']);
    await application.close();
    await expect(bus.publish([makeBatch('2')])).rejects.toMatchObject({ code: 'bus_unavailable' });
  });
});
