import { HOP_POINTS } from './matrix.ts';
import { SCENARIOS } from './scenarios.ts';

/** Cells by point and title of the scenario. */
export type Cells = ReadonlyMap<string, ReadonlyMap<string, string>>;

const NOT_REACHED = '–';

/** docs/crash-matrix.md. Written by the test run, never by hand. */
export function renderPage(cells: Cells): string {
  const head = ['killed at', ...SCENARIOS.map(({ title }) => title)];
  const rows = HOP_POINTS.map((point) => [
    `\`${point}\``,
    ...SCENARIOS.map(({ title }) => cells.get(point)?.get(title) ?? NOT_REACHED),
  ]);
  return `# Crash matrix

Written by \`tooling/proofs/src/crashes/crash-matrix.e2e.test.ts\`, which fails when it finds anything else.

The real command (\`tidemark run\`, two jobs, four tables of different kinds) is killed by SIGKILL at each point
before and after a durable act; the points are \`POINTS\` in \`packages/tracking/src/reach-point.ts\`. A cell says which
table the process was at, and what of this table was there when the process was gone:

| word        | replica and its tracking row              | raw and its tracking row      |
| ----------- | ----------------------------------------- | ----------------------------- |
| undone      | as before the run                         | as before the run             |
| chunk _n_   | the first _n_ chunks and the resume point | as before the run             |
| emptied     | no row, tracking as before the run        | as before the run             |
| forgotten   | as before, but which columns were copied  | as before the run             |
| copied      | as after the run                          | as before the run             |
| done        | as after the run                          | as after the run              |
| failed      | as before, and that the run failed        | as before the run             |
| load failed | as after the run                          | as before, and that it failed |

Then the next run follows at once, as an ordinary process. Required of **every** cell, without exception:

- right after the kill, rows and tracking row of each hop stand together as the table above says; "as before" includes
  every time and count;
- the next run ends with exit code 0, so the killed process' locks were free;
- every value of every table is the same in source, replica and warehouse;
- every tracking row of every table and hop, and the copy sequence of every row, equals that of the same sequence
  without a kill, in all columns but ids and times. Of the table that was killed at: where a hop was as after the run,
  the sequence in which the killed run ended by itself, else the one in which it never began; of the other tables,
  either. Status is \`success\`, no error, 0 failures, no resume point;
- no key is there twice, and no history entry is left without an end.

${SCENARIOS.map(({ title, says }) => `- **${title}**: ${says}`).join('\n')}

## The matrix

A dash: the run does not come to this point.

${renderTable([head, ...rows])}

The ordinary test run tries a part of the cells that has every point in it, and takes the others from this page. With
\`TIDEMARK_TEST_CRASHES=page\` it tries every cell, with \`TIDEMARK_TEST_CRASHES=all\` (as \`pnpm test:long\` does) each of
them at every table and chunk that comes to its point. With \`TIDEMARK_TEST_UPDATE=1\` it writes the page:
\`TIDEMARK_TEST_CRASHES=page TIDEMARK_TEST_UPDATE=1 pnpm --filter @tidemark/proofs exec vitest run src/crashes/crash-matrix\`.
`;
}

/** The cells of the page as it is. */
export function readPage(page: string): Cells {
  const matrix = page.slice(page.indexOf('## The matrix'));
  const lines = matrix.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    lines.map((line) => {
      const [point = '', ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      const named = SCENARIOS.map(({ title }, column) => [title, cells[column] ?? NOT_REACHED] as const);
      return [point.slice(1, -1), new Map(named.filter(([, cell]) => cell !== NOT_REACHED))];
    }),
  );
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
