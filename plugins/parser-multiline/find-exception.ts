/** The exception of an event, under OpenTelemetry's names (Semantic Conventions, "Exceptions"). */
export interface FoundException {
  readonly 'exception.type'?: string;
  readonly 'exception.message'?: string;
}

/** Lines of an event in which it is looked for, and characters of one. */
const MOST_LINES = 2_000;
const LONGEST_LINE = 2_000;
const NONE: FoundException = {};

/** `java.lang.IllegalStateException: why`; Python, Node and .NET write the same. */
const NAMED =
  /^(?:Uncaught |Unhandled exception\. |Exception in thread "[^"]{0,200}" )?((?:[A-Za-z_][\w$.]{0,300})?(?:Exception|Error|Throwable|Failure|Interrupt|Exit))(?: \[\w{1,80}\])?(?:: (.*))?$/;
/** Go: `panic: why`, `fatal error: why`. */
const PANIC = /^(panic|fatal error): (.*)$/;
/** Ruby: `app.rb:3:in 'run': why (RuntimeError)`. */
const RUBY = /^\S{1,400}:\d{1,9}:in [`'][^'`]{0,200}': (.{0,1500}) \(([A-Z][\w:]{0,200})\)$/;
const PYTHON = /^\s*(?:[+|] )?(?:Exception Group )?Traceback \(most recent call last\):$/;
const FRAME = /^(?:\s+at |\s+from |\t|goroutine \d)/;
const INDENTED = /^\s/;

/** What is thrown in the lines of a stack trace: of one with causes the outermost; nothing in a text of one line. */
export function findException(text: string): FoundException {
  if (!text.includes('\n')) return NONE;
  const lines = text.split('\n', MOST_LINES).map((line) => line.slice(0, LONGEST_LINE));
  const python = lines.findLastIndex((line) => PYTHON.test(line));
  if (python >= 0) {
    const thrown = lines.findIndex((line, at) => at > python && line !== '' && !INDENTED.test(line));
    return thrown < 0 ? NONE : ofPython(lines[thrown] ?? '');
  }
  if (!lines.some((line) => FRAME.test(line))) return NONE;
  for (const line of lines) {
    const found = ofLine(line);
    if (found) return found;
  }
  return NONE;
}

/** The exception of a Python traceback may have any name: it stands where it stands. */
function ofPython(line: string): FoundException {
  const end = line.indexOf(': ');
  if (end < 0) return { 'exception.type': line };
  return exceptionOf(line.slice(0, end), line.slice(end + 2));
}

function ofLine(line: string): FoundException | undefined {
  const panic = PANIC.exec(line);
  if (panic) return exceptionOf(panic[1], panic[2]);
  const ruby = RUBY.exec(line);
  if (ruby) return exceptionOf(ruby[2], ruby[1]);
  const named = NAMED.exec(line);
  return named ? exceptionOf(named[1], named[2]) : undefined;
}

function exceptionOf(type: string | undefined, message: string | undefined): FoundException {
  return {
    ...(type !== undefined && { 'exception.type': type }),
    ...(message !== undefined && message !== '' && { 'exception.message': message }),
  };
}
