/** Options with which the samples are read: access logs, and the log of a job server. */
export const EXAMPLE = {
  patterns: [
    '^%{COMBINEDAPACHELOG}$',
    '^%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} %{JOB:[job][name]} %{UUID:job.run} took %{NUMBER:job.seconds:float}s from %{IP:client.address}: %{GREEDYDATA:message}$',
  ],
  definitions: { JOB: '[a-z]+(?:-[a-z]+)*' },
  set: { service: 'jobs' },
};
