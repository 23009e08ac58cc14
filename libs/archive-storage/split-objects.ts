import { LocalObjects, type HeldObjects, type WantedObject } from './local-objects.js';

/** Files of two: of some objects the one gives them, of all others the other. */
export class SplitObjects extends LocalObjects {
  constructor(
    private readonly isTheirs: (object: WantedObject) => boolean,
    private readonly theirs: LocalObjects,
    private readonly others: LocalObjects,
  ) {
    super();
  }

  async hold(wanted: readonly WantedObject[]): Promise<HeldObjects> {
    const theirs = wanted.filter(this.isTheirs);
    if (theirs.length === 0) return this.others.hold(wanted);
    const held = await this.others.hold(wanted.filter((object) => !theirs.includes(object)));
    try {
      const more = await this.theirs.hold(theirs);
      const release = (): void => {
        held.release();
        more.release();
      };
      return { paths: new Map([...held.paths, ...more.paths]), release };
    } catch (error) {
      held.release();
      throw error;
    }
  }
}
