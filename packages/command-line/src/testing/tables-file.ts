import { parseTables, type TablesFile } from '@tidemark/config';

export function tablesFile(yaml: string): TablesFile {
  return parseTables(yaml, 'tables.yml');
}
