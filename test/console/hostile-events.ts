/** Events that would do harm to a page that took their texts for more than text. */
export const HOSTILE_EVENTS: readonly object[] = [
  { message: '<script>window.hit=1</script>', service: '<b>bold</b>', level: '<i>' },
  {
    message: '<img src=x onerror=window.hit=1>',
    '<img src=x onerror=window.hit=1>': '"><svg onload=window.hit=1>',
  },
  {
    message: '\u001b[31mred\u001b[0m \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007',
    host: '\u0000\u0007',
  },
  { message: 'invoice\u202egpj.exe \u2066isolated', service: '\u200f\u200bsvc' },
  { message: 'שלום עולם, مرحبا بالعالم (RTL as people write it)', service: 'עברית' },
  {
    message: `javascript:window.hit=1 ${'x'.repeat(5_000)}`,
    'onclick=window.hit=1': '{{constructor.constructor("1")()}}',
  },
  {
    message: 'a\r\nb\u2028c\n\n\nevent: log\ndata: {}',
    __proto__x: 1,
    constructor: { prototype: { hit: 1 } },
  },
  { attributes_only: '<iframe srcdoc="<script>parent.hit=1</script>">', '': 'a field without a name' },
];
