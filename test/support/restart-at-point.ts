import { StartError, type Appliance } from './start-appliance.js';

/**
 * Starts an appliance that ends itself at a fault point, which it may pass before it is ready: then it is gone when this
 * resolves, and else as soon as it gets there. Without a point it is ready.
 */
export async function restartAtPoint(appliance: Appliance, point?: string): Promise<void> {
  if (point === undefined) return void (await appliance.restart());
  try {
    await appliance.restart({ ALLUVIUM_FAULT_POINTS: point });
  } catch (error) {
    if (!(error instanceof StartError && error.exit?.signal === 'SIGKILL')) throw error;
  }
}
