import type { KeptAdmin } from '../kept-admin.js';

/** How far the topic goes, by partition: the offset behind the last record. */
export type Ends = ReadonlyMap<number, number>;

/** Asks the brokers how far the topic goes. Whoever asks while an answer is awaited shares the next one. */
export class TopicEnds {
  private asked: Promise<unknown> = Promise.resolve();
  private next: Promise<Ends> | undefined;

  constructor(
    private readonly admin: Pick<KeptAdmin, 'ask'>,
    private readonly topic: string,
  ) {}

  /** Behind every record whose write was acknowledged before the call. @throws where the brokers don't answer */
  read(): Promise<Ends> {
    return (this.next ??= this.afterTheLast());
  }

  private async afterTheLast(): Promise<Ends> {
    await this.asked;
    this.next = undefined;
    const answer = this.ask();
    this.asked = answer.catch(() => undefined);
    return answer;
  }

  private async ask(): Promise<Ends> {
    const offsets = await this.admin.ask((admin) => admin.fetchTopicOffsets(this.topic));
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  }
}
