/**
 * `pnpm test [--filter PACKAGE…]`, `pnpm test:long`: starts the servers once, runs the tests of every package on them, and
 * sums up. The last line is `N passed, N failed[, N skipped]`, alone.
 */
import { urlOf } from './ladder/start-from-url.ts';
import { createTempFolder } from './process/temp-folder.ts';
import { parseRequest, type TestRequest } from './run-tests/parse-request.ts';
import { readReports } from './run-tests/read-reports.ts';
import { runPackages } from './run-tests/run-packages.ts';
import { describeFailures, lastLine, renderTable } from './run-tests/summary.ts';
import { totalOf, type Tally } from './run-tests/tally.ts';
import { SERVER_VARIABLES } from './server-variables.ts';
import { startServers } from './start-servers.ts';

try {
  const tallies = await testPackages(parseRequest(process.argv.slice(2)));
  const total = totalOf(tallies);
  process.stdout.write(`\n${renderTable(tallies)}\n${describeFailures(tallies)}\n`);
  if (total.passed + total.failed === 0) process.stdout.write('No test was run.\n');
  process.stdout.write(`${lastLine(total)}\n`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
} catch (error) {
  console.error(error);
  process.stdout.write(`${lastLine({ passed: 0, failed: 1, skipped: 0 })}\n`);
  process.exitCode = 1;
}

async function testPackages(request: TestRequest): Promise<Tally[]> {
  const reports = await createTempFolder('reports');
  const servers = await startServers();
  try {
    const runs = await runPackages(request, {
      [SERVER_VARIABLES.source]: urlOf('mysql', servers.source),
      [SERVER_VARIABLES.replica]: urlOf('mysql', servers.replica),
      [SERVER_VARIABLES.warehouse]: urlOf('postgres', servers.warehouse),
      TIDEMARK_TEST_REPORTS: reports.path,
    });
    return await readReports(reports.path, runs);
  } finally {
    await Promise.all([servers.stop(), reports.remove()]);
  }
}
