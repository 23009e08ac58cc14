import { KeyReservations } from './shared/key-reservations.js';
import { LaneRecords } from './shared/lane-records.js';
import { SharedTopic, type SharedTopicParts } from './shared/shared-topic.js';
import { SoleOwner, type TopicSharing } from './topic-sharing.js';

/** Whether this process has the topic to itself is what its options say: a catalogue is there for all of several processes. */
export function openSharing(parts: Omit<SharedTopicParts, 'records' | 'reservations'>): TopicSharing {
  const { catalogue } = parts.options;
  if (!catalogue) return new SoleOwner(parts.index, parts.identity);
  const records = new LaneRecords(catalogue);
  return new SharedTopic({ ...parts, records, reservations: new KeyReservations(catalogue) });
}
