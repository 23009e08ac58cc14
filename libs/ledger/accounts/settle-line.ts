/** Numbers of one source and minute, read one after the other while events go on flowing. */
export interface LineReading {
  /** Received, read first. */
  readonly received: number;
  /** Received, read again at the end. */
  readonly receivedLater: number;
  /** Published and not committed, read second. */
  readonly pending: number;
  /** Events with a verdict, read third. */
  readonly accounted: number;
}

/** Numbers that belong together: `received` = accounted + `pending` + `residue`. */
export interface SettledLine {
  readonly received: number;
  readonly pending: number;
  readonly residue: number;
}

/**
 * Makes one truthful line of numbers that were not read at one moment.
 *
 * Verdicts are written before a block is committed, so an event that was received before the first reading is pending
 * in the second or accounted in the third: a positive residue is never an artefact of the order. A negative one may be:
 * events came in meanwhile (received is raised to what the last reading allows), or have their verdict while their
 * block is about to be committed (they are no longer pending). What remains is accounted twice.
 */
export function settleLine(reading: LineReading): SettledLine {
  const { received, receivedLater, pending, accounted } = reading;
  const excess = Math.max(accounted + pending - received, 0);
  const arrived = Math.min(excess, Math.max(receivedLater - received, 0));
  const underWay = Math.min(excess - arrived, pending);
  const settled = { received: received + arrived, pending: pending - underWay };
  return { ...settled, residue: settled.received - settled.pending - accounted };
}
