/**
 * What happens when the disk behind `> file` or `2> file` is full, or a terminal is gone. Node would throw, in the middle of
 * whatever the process is doing.
 *
 * A log that cannot be written ends nothing: the tables are what the run is for, and its outcome is in the history and
 * in the exit code. A result that cannot be printed is told on stderr, when all of the work is done.
 */
export function listenForLostOutput(): void {
  process.stderr.on('error', () => {});
  // Before oclif's own listener, which throws.
  process.stdout.prependListener('error', (error: NodeJS.ErrnoException) => {
    // A reader who has read enough.
    if (error.code === 'EPIPE') return;
    process.stderr.write(
      `Error: the result cannot be written to stdout (${error.code ?? 'unknown error'})\n` +
        '  → What the command did is done: `tidemark history` and `tidemark status` show it.\n',
    );
    process.exit(1);
  });
}
