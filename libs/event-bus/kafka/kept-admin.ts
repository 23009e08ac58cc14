import type { Admin, Kafka } from 'kafkajs';

/** One connection for questions to the brokers: made when the first is asked, and anew after one that failed. */
export class KeptAdmin {
  private admin: Promise<Admin> | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** @throws what the question throws, or the connection */
  async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      this.admin ??= this.connect();
      return await question(await this.admin);
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  async leave(): Promise<void> {
    const { admin } = this;
    this.admin = undefined;
    await admin?.then((each) => each.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}
