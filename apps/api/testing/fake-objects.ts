import { LocalObjects, type HeldObjects, type WantedObject } from '#archive-storage';

/** Gives a path for every object, and counts what is held. */
export class FakeObjects extends LocalObjects {
  held = 0;
  /** What the next call throws. */
  failure: Error | undefined;

  hold(wanted: readonly WantedObject[]): Promise<HeldObjects> {
    if (this.failure) return Promise.reject(this.failure);
    this.held += 1;
    const paths = new Map(wanted.map(({ key }) => [key, `/archives/${key}`]));
    return Promise.resolve({ paths, release: () => void (this.held -= 1) });
  }
}
