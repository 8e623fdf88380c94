import { randomUUID } from 'node:crypto';
import getPort from 'get-port';
import { GenericContainer, type ContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';
import { within } from '../ladder/within.ts';
import { untilItAnswers } from '../process/until-it-answers.ts';
import { watch } from '../process/watch.ts';
import { CONTAINER_LABEL } from '../process/watched.ts';
import type { ServerAddress, StartedServer } from '../server.ts';
import { containerEngine } from './container-engine.ts';
import { ensureImage } from './ensure-image.ts';
import { LoopbackContainer } from './loopback-container.ts';

export interface ContainerOptions {
  readonly image: string;
  /** The port of the server inside. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly environment: Record<string, string>;
  readonly command: string[];
  readonly askVersion: (address: ServerAddress) => Promise<string>;
}

const START_TIMEOUT_MS = 180_000;
const LOG_LINES = 25;

/** Runs a server in a container, on the same host port for its whole life. */
export async function startContainer(options: ContainerOptions): Promise<StartedServer> {
  const engine = await containerEngine();
  await ensureImage(engine, options.image);
  const label = randomUUID();
  const release = watch({ kind: 'container', label });
  const container = await within(START_TIMEOUT_MS, `starting ${options.image}`, create(options, label));
  const remove = async (): Promise<void> => {
    await container.stop({ remove: true, removeVolumes: true, timeout: 0 });
    release();
  };
  const address = {
    host: container.getHost() === 'localhost' ? '127.0.0.1' : container.getHost(),
    port: container.getMappedPort(options.port),
    user: options.user,
    password: options.password,
  };
  const handle = engine.container.getById(container.getId());
  const ready = (): Promise<string> =>
    untilItAnswers({
      ask: () => options.askVersion(address),
      hasEnded: async () => !(await handle.inspect()).State.Running,
      limitMs: START_TIMEOUT_MS,
      log: () => containerLog(engine, container.getId()),
    });
  try {
    const version = await ready();
    return {
      address,
      description: `${version} (image ${options.image}) on port ${address.port}`,
      stop: remove,
      kill: async () => {
        await handle.kill({ signal: 'SIGKILL' });
      },
      restart: async () => {
        await handle.restart({ t: 10 });
        await ready();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function create(options: ContainerOptions, label: string): Promise<StartedTestContainer> {
  const local = !process.env['DOCKER_HOST']?.startsWith('tcp:') && !process.env['TESTCONTAINERS_HOST_OVERRIDE'];
  const container = local ? new LoopbackContainer(options.image) : new GenericContainer(options.image);
  return container
    .withExposedPorts({ container: options.port, host: await getPort() })
    .withEnvironment(options.environment)
    .withCommand(options.command)
    .withLabels({ [CONTAINER_LABEL]: label })
    .withStartupTimeout(START_TIMEOUT_MS)
    .start();
}

async function containerLog(engine: ContainerRuntimeClient, id: string): Promise<string> {
  const log = await engine.container.getById(id).logs({ stdout: true, stderr: true, tail: LOG_LINES });
  return log.toString('utf8').trimEnd();
}
