import { describe, expect, it } from 'vitest';
import { openTraceJoiner } from './trace-grouping.js';
import { TRACE_LANGUAGES, type TraceLanguage } from './trace-readers.js';

/** Lines of each event, blank ones left out, as a text has them. */
function group(text: string, languages: readonly TraceLanguage[] = TRACE_LANGUAGES): readonly number[] {
  const goesOn = openTraceJoiner(languages);
  const sizes: number[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    if (goesOn(Buffer.from(line))) sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
    else sizes.push(1);
  }
  return sizes;
}

const JAVA = `2026-11-20 12:00:01 INFO started
2026-11-20 12:00:02 ERROR [main] c.s.Cart - failed
java.lang.IllegalStateException: no stock
\tat shop.Cart.buy(Cart.java:42) ~[app.jar:1.0]
\tat java.base/java.lang.Thread.run(Thread.java:833)
\tSuppressed: java.io.IOException: x
\t\tat shop.Cart.close(Cart.java:9)
Caused by: java.sql.SQLException: gone
\tat shop.Db.get(Db.java:7)
\t... 12 more
2026-11-20 12:00:03 INFO next
Exception in thread "main" java.lang.NullPointerException
\tat shop.Main.main(Main.java:3)
java.lang.RuntimeException: another
\tat shop.Main.main(Main.java:4)`;

const PYTHON = `INFO:root:started
ERROR:root:job failed
Traceback (most recent call last):
  File "job.py", line 3, in <module>
    run()
    ~~~^^
ValueError: bad

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "job.py", line 5, in <module>
    clean()
custom.Odd
INFO:root:next
Traceback (most recent call last):
  File "x.py", line 1, in <module>
SystemExit: 2
done`;

const GO = `2026/11/20 12:00:00 started
panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.(*Shop).buy(...)
\t/srv/shop.go:12
main.main()
\t/srv/main.go:9 +0x1d
exit status 2
2026/11/20 12:00:01 http: panic serving 192.0.2.1:40000: no stock
goroutine 35 [running]:
net/http.(*conn).serve.func1()
\t/usr/local/go/src/net/http/server.go:1850 +0xbf
panic({0x6b1e40, 0x7a9f10})
\t/usr/local/go/src/runtime/panic.go:890 +0x262
created by net/http.(*Server).Serve
\t/usr/local/go/src/net/http/server.go:3102 +0x4db
2026/11/20 12:00:02 next
call(me)`;

const NODE = `listening
/srv/app.js:3
    throw new TypeError('x is not a function');
    ^

TypeError: x is not a function
    at Object.<anonymous> (/srv/app.js:3:9)
    at Module._compile (node:internal/modules/cjs/loader:1256:14) {
  code: 'ERR_X',
  [cause]: Error: inner
      at f (/srv/app.js:1:1)
}
next
[12:00:00] ERROR: order failed
Error: no stock
    at buy (/srv/cart.js:9:11)
Error: by itself
    at buy (/srv/cart.js:9:11)`;

const RUBY = `started
app.rb:3:in 'Shop#run': no such order (ArgumentError)
\tfrom app.rb:7:in '<main>'
next
Traceback (most recent call last):
\t1: from app.rb:7:in \`<main>'
app.rb:3:in \`run': no such order (ArgumentError)
next`;

const DOTNET = `info: started
Unhandled exception. System.InvalidOperationException: late
 ---> System.IO.IOException: inner
   at Shop.Db.Get() in /src/Db.cs:line 7
   --- End of inner exception stack trace ---
   at Shop.Cart.Buy() in /src/Cart.cs:line 12
info: next
fail: Shop.Cart[0] error
System.TimeoutException: slow
   at Shop.Cart.Buy()`;

describe('the lines of stack traces', () => {
  it.each<[TraceLanguage, string, readonly number[]]>([
    ['java', JAVA, [1, 9, 1, 2, 2]],
    ['python', PYTHON, [1, 11, 1, 3, 1]],
    ['go', GO, [1, 7, 8, 1, 1]],
    ['node', NODE, [1, 10, 1, 3, 2]],
    ['ruby', RUBY, [1, 2, 1, 3, 1]],
    ['dotnet', DOTNET, [1, 5, 1, 3]],
  ])('of %s are one event, alone and beside others', (language, text, sizes) => {
    expect(group(text, [language])).toEqual(sizes);
    expect(group(text)).toEqual(sizes);
  });

  it('of one language are lines to another', () => {
    expect(group(PYTHON, ['java'])).toEqual(Array.from({ length: 17 }, () => 1));
  });

  it.each([
    ['indented text', 'a\n  b\n\tc'],
    ['lines that name errors', 'an Error occurred\nError handling is on\nValueError is a class'],
    ['a frame at the very beginning', '\tat a.b(C.java:1)'],
    ['a text of calls', 'main.main()\nf(x)\nexit status 2'],
  ])('are not %s', (_what, text) => {
    expect(group(text)).toEqual(text.split('\n').map(() => 1));
  });
});

it('a line of any length and bytes is answered at once', () => {
  const goesOn = openTraceJoiner(TRACE_LANGUAGES);
  // The square of such a length would not end before the test's own time does.
  const answers = new Set<boolean>();
  for (const piece of ['a', ' ', 'at ', '\\xff', 'Error', 'a.', '(', '^', '~^ '])
    for (const begin of ['', '\t', 'panic: ', '/a'])
      for (let n = 0; n < 20; n += 1) answers.add(goesOn(Buffer.from(begin + piece.repeat(200_000))));
  expect(answers).toContain(false);
});
