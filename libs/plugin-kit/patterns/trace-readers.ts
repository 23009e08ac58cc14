/** Languages whose stack traces are known. */
export const TRACE_LANGUAGES = ['java', 'python', 'go', 'node', 'ruby', 'dotnet'] as const;

export type TraceLanguage = (typeof TRACE_LANGUAGES)[number];

/** The event that a line may belong to. */
export interface LinesSoFar {
  /** Beginning of its first line. */
  readonly first: string;
  /** Beginning of the line before. */
  readonly last: string;
}

/** Says whether a line goes on with the event above; asked for every line, in order. No event above: it never does. */
export type TraceReader = (line: string, above: LinesSoFar | undefined) => boolean;

/** A line that tells of a fault, so that an exception below it belongs to it. */
const FAULT = /\b(?:error|fatal|severe|critical|crit|warn(?:ing)?|exception|panic|alert|emerg(?:ency)?)\b/i;
/** `java.lang.IllegalStateException: why`, `TypeError: why`, `System.IO.IOException: why`. */
const EXCEPTION =
  /^(?:Uncaught |Unhandled exception\. |Exception in thread "[^"]{0,200}" )?(?:[A-Za-z_][\w$.]{0,300})?(?:Exception|Error|Throwable|Failure|Interrupt)(?:$|:| \[)/;
const CARETS = /^\s*[~^]+\s*$/;

function tellsOf(above: LinesSoFar): boolean {
  return FAULT.test(above.first) && !EXCEPTION.test(above.last);
}

/** `at` of Java, Node and .NET: an exception below a line that tells of a fault, frames below whatever stands above. */
function frameReader(frame: RegExp, begins: RegExp = EXCEPTION): () => TraceReader {
  return () => (line, above) => {
    if (above === undefined) return false;
    return frame.test(line) || (begins.test(line) && tellsOf(above) && above.first === above.last);
  };
}

/**
 * https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Throwable.html#printStackTrace() shows the forms:
 * frames, `Caused by:`, `Suppressed:`, `... 3 more`.
 */
const java = frameReader(
  /^\s+at [\w$.<]|^\s*(?:Caused by|Suppressed): |^\s+\.{3} \d+ (?:more|common frames omitted)|^\s+- (?:locked|waiting|parking|None)\b/,
);

/** .NET's Exception.ToString(): frames, inner exceptions, their ends. */
const dotnet = frameReader(/^\s+at \S|^\s*---> \S|^\s*--- End of .{1,80} ---/);

/** V8's traces, with the line of source above and the object of the error's properties below. */
function node(): TraceReader {
  let isInObject = false;
  const frame = /^\s+at \S|^\s+\[cause\]: |^\s{2,}code: /;
  return (line, above) => {
    if (above === undefined) return (isInObject = false);
    const goesOn = isInObject || frame.test(line) || belowSource(line, above) || belowFault(line, above);
    isInObject = goesOn && (isInObject ? !line.startsWith('}') : /^\s+at .{1,400} \{$/.test(line));
    return goesOn;
  };
}

const SOURCE_PLACE = /^(?:file:\/\/)?[^\s:][^:]{0,400}\.[cm]?[jt]sx?:\d+$/;

/** `/srv/app.js:3`, the line of source, carets below it, then the exception. */
function belowSource(line: string, { first, last }: LinesSoFar): boolean {
  if (!SOURCE_PLACE.test(first)) return false;
  return last === first || CARETS.test(line) || (CARETS.test(last) && EXCEPTION.test(line));
}

function belowFault(line: string, above: LinesSoFar): boolean {
  return EXCEPTION.test(line) && tellsOf(above) && above.first === above.last;
}

const PYTHON_BEGINS = /^\s*(?:[+|] )*(?:Exception Group )?Traceback \(most recent call last\):$/;
const PYTHON_BETWEEN =
  /^(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of the following exception:)$/;

/** The module traceback: indented frames, then the exception, which stands at the margin and ends it. */
function python(): TraceReader {
  let state: 'none' | 'frames' | 'ended' | 'between' = 'none';
  return (line, above) => {
    const before = state;
    if (PYTHON_BEGINS.test(line)) {
      state = 'frames';
      return before === 'between' || (above !== undefined && FAULT.test(above.first) && before === 'none');
    }
    if (before === 'ended' && PYTHON_BETWEEN.test(line)) {
      state = 'between';
      return true;
    }
    if (before !== 'frames') {
      state = 'none';
      return false;
    }
    state = /^\s/.test(line) ? 'frames' : 'ended';
    return true;
  };
}

const GO_BEGINS = /^(?:panic: |fatal error: |SIG[A-Z]+: )|\bpanic serving\b/;
const GO_GOES_ON =
  /^goroutine \d+ |^\t|^\[signal |^\[(?:originating|recovered)|^created by |^exit status \d|^\.\.\.(?:additional|\d)|^[\w./*()~%-]{1,400}\(.*\)$|^runtime[.: ]|^panic: |^(?:main|testing)\./;

/** The traces of a panic, and of `fatal error:`. */
function go(): TraceReader {
  let isInTrace = false;
  return (line, above) => {
    const goesOn = isInTrace && above !== undefined && GO_GOES_ON.test(line) && !isAnother(line, above);
    isInTrace = goesOn || GO_BEGINS.test(line);
    return goesOn;
  };
}

/** A panic below the frames of one before is another; right below it, it is what came on top of it. */
function isAnother(line: string, above: LinesSoFar): boolean {
  return (
    line.startsWith('panic: ') && !above.last.startsWith('panic: ') && !above.last.startsWith('\tpanic: ')
  );
}

/** `app.rb:3:in 'run': why (RuntimeError)`, then `from` lines; or frames with numbers, the newest last. */
function ruby(): TraceReader {
  const from = /^\s+(?:\d+: )?from \S+:\d+(?::in .{0,400})?$/;
  const last = /^\S+:\d+:in .{1,800}$/;
  const begins = /^Traceback \(most recent call last\):$/;
  let isNewestLast = false;
  return (line, above) => {
    if (begins.test(line)) {
      isNewestLast = true;
      return false;
    }
    if (above === undefined) return false;
    if (from.test(line)) return true;
    const isEnd = isNewestLast && last.test(line);
    isNewestLast = false;
    return isEnd;
  };
}

/** What follows the traces of each language; one is made for each text. */
export const TRACE_READERS: Readonly<Record<TraceLanguage, () => TraceReader>> = {
  java,
  python,
  go,
  node,
  ruby,
  dotnet,
};
