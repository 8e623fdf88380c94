import type { WaitStrategy } from 'testcontainers';

/**
 * Testcontainers judges a server by open ports, from outside and with programs inside the container. Here it is
 * asked a question instead, in the same way on every rung.
 */
export const NO_WAIT: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => NO_WAIT,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};
