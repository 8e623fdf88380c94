export type {
  ColumnDescription,
  IndexDescription,
  MysqlEndpoint,
  MysqlFlavor,
  ServerFacts,
  TableDescription,
  ValueChanges,
} from './types.ts';
