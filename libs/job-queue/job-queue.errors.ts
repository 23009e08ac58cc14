import { AlluviumError } from '#event-model';

/** `job_invalid`: the job can't be kept as given. `job_queue_stopped`: ask again after the next start. */
export type JobQueueErrorCode = 'job_invalid' | 'job_queue_stopped';

/** The queue did not take a job; nothing was kept. */
export class JobQueueError extends AlluviumError {
  constructor(code: JobQueueErrorCode, message: string) {
    super(message, { code, retryable: code === 'job_queue_stopped' });
  }
}
