import { testsBySuffix } from '@tidemark/vitest-preset';

export default testsBySuffix();
