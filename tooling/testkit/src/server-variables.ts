/** Environment variables that name the three servers of the tests. */
export const SERVER_VARIABLES = {
  source: 'TIDEMARK_TEST_SOURCE_URL',
  replica: 'TIDEMARK_TEST_REPLICA_URL',
  warehouse: 'TIDEMARK_TEST_WAREHOUSE_URL',
} as const;
