/** Options with which the samples are read: lines of a shop, of two forms. */
export const EXAMPLE = {
  patterns: [
    '^(?P<timestamp>\\S+) (?P<level>[A-Z]+) \\[(?P<thread>[^\\]]+)\\] order (?P<order>\\d+) took (?P<ms>[\\d.]+) ms(?: paid=(?P<paid>\\w+))?: (?P<message>.*)$',
    {
      pattern: '^(?P<when>\\d\\d\\.\\d\\d\\.\\d{4} \\d\\d:\\d\\d:\\d\\d) (?P<message>.+)$',
      confidence: 'partial',
    },
  ],
  fields: {
    when: { to: 'timestamp', format: 'dd.MM.yyyy HH:mm:ss' },
    order: { to: 'order.number', type: 'int' },
    ms: { to: 'duration_ms', type: 'float' },
    paid: { type: 'bool' },
  },
  set: { service: 'shop' },
  zone: 'Europe/Berlin',
};
