/** What one stable error code means, for answers and for the page of codes. */
export interface ProblemCode {
  /** HTTP status. */
  readonly status: number;
  readonly title: string;
  /** What the reader has to do, where the answer itself says nothing more precise. */
  readonly mend: string;
}
