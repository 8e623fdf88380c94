/** Has mysql-memory-server download MySQL and try it once. Run by download-mysqld.ts in a process of its own. */
import { createDB } from 'mysql-memory-server';

const server = await createDB({ version: '8.4.x', downloadRetries: 2, xEnabled: 'OFF' });
await server.stop();
