import { urlOf } from './ladder/start-from-url.ts';
import { SERVER_VARIABLES } from './server-variables.ts';
import { startServers } from './start-servers.ts';

/** vitest global setup: has the three servers ready before the first test, and says where in the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const before = { ...process.env };
  const servers = await startServers();
  process.env[SERVER_VARIABLES.source] = urlOf('mysql', servers.source);
  process.env[SERVER_VARIABLES.replica] = urlOf('mysql', servers.replica);
  process.env[SERVER_VARIABLES.warehouse] = urlOf('postgres', servers.warehouse);
  return async () => {
    for (const variable of Object.values(SERVER_VARIABLES)) {
      const value = before[variable];
      if (value === undefined) delete process.env[variable];
      else process.env[variable] = value;
    }
    await servers.stop();
  };
}
