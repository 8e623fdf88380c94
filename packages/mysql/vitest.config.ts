import { testsBySuffix } from '@tidemark/vitest-preset';

export default testsBySuffix({ serverSetup: ['./test/start-other-servers.ts'] });
