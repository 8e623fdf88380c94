/** Environment variables that choose another version or product for the servers of the tests, in containers. */
const IMAGE_VARIABLES = { source: 'TIDEMARK_TEST_SOURCE_IMAGE', replica: 'TIDEMARK_TEST_REPLICA_IMAGE' } as const;

const DEFAULT_IMAGES = { source: 'mariadb:10.11', replica: 'mariadb:11.8' } as const;

/** The image of a server in the place of source or replica, for the shared ones and for those a test starts itself. */
export function serverImage(place: keyof typeof DEFAULT_IMAGES): string {
  return process.env[IMAGE_VARIABLES[place]] || DEFAULT_IMAGES[place];
}
