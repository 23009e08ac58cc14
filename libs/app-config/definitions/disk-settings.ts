import { bytes, integer } from './number-types.js';
import { runTimeSetting } from './setting.js';
import type { ValueType } from './value-type.js';

const GIB = 2 ** 30;

/** Lower ones would refuse what an empty disk could take. */
const usedPercent: ValueType<number> = integer(10, 100);

/** When a disk that fills up is told of, and what is refused then. */
export const diskSettings = {
  diskReserveBytes: runTimeSetting({
    path: 'disk.reserve_bytes',
    type: bytes(0, 1024 * GIB),
    default: '1GiB',
    unit: 'bytes',
    description:
      'Free disk space, below which new events are refused with 503. The larger reserve of the two counts.',
  }),
  diskReservePercent: runTimeSetting({
    path: 'disk.reserve_percent',
    type: integer(0, 90),
    default: '5',
    unit: 'percent',
    description: 'The same as a share of the disk.',
  }),
  diskWarnAt: runTimeSetting({
    path: 'disk.warn_at',
    type: usedPercent,
    default: '70',
    unit: 'percent',
    description: 'Used share of a disk that holds data, from which it is told of.',
  }),
  diskRefuseLowAt: runTimeSetting({
    path: 'disk.refuse_low_at',
    type: usedPercent,
    default: '80',
    unit: 'percent',
    description:
      'Used share, from which new events for streams of the class `low` are refused with 429. Classes stand in retention policies.',
  }),
  diskEmergencyAt: runTimeSetting({
    path: 'disk.emergency_at',
    type: usedPercent,
    default: '85',
    unit: 'percent',
    description:
      'Used share, from which what policies no longer keep is deleted at once, at most once an hour, in place of `retention_run_at`; not where that is `off`.',
  }),
  diskRefuseNormalAt: runTimeSetting({
    path: 'disk.refuse_normal_at',
    type: usedPercent,
    default: '95',
    unit: 'percent',
    description: 'Used share, from which all streams but those of the class `critical` are refused with 429.',
  }),
  diskRefuseAt: runTimeSetting({
    path: 'disk.refuse_at',
    type: usedPercent,
    default: '100',
    unit: 'percent',
    description:
      'Used share, from which every new event is refused with 503. The reserve does the same, whichever is reached first.',
  }),
  diskResumeMargin: runTimeSetting({
    path: 'disk.resume_margin',
    type: integer(0, 9),
    default: '2',
    unit: 'percent points',
    description: 'How far below such a share the use must fall, before what was refused is taken again.',
  }),
};
