/** A job that says which process it has, and never ends by itself. */
process.once('message', () => {
  process.stdout.write(`${process.pid}\n`);
  setInterval(() => undefined, 1_000);
});
