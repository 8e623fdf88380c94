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
import { logOfLabelled, removeLabelled } from './labelled-container.ts';
import { LocalContainer, localAddress } from './local-container.ts';
import { NO_WAIT } from './no-wait.ts';

export interface ContainerOptions {
  readonly image: string;
  /** The port of the server inside. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly environment: Record<string, string>;
  readonly command: string[];
  /** Path → mount options of a file system in memory: a disk of a limited size. */
  readonly tmpfs?: Record<string, string> | undefined;
  /** Put into the container before the server starts. */
  readonly files?: readonly { readonly target: string; readonly content: string }[] | undefined;
  readonly askVersion: (address: ServerAddress) => Promise<string>;
}

const START_TIMEOUT_MS = 180_000;

/** Seconds that a server gets to end in order when it is restarted. */
const RESTART_GRACE_S = 10;

/** Runs a server in a container, on the same host port for its whole life. */
export async function startContainer(options: ContainerOptions): Promise<StartedServer> {
  const { client: engine, hasReaper } = await containerEngine();
  await ensureImage(engine, options.image);
  const label = randomUUID();
  const release = watch({ kind: 'container', label });
  const remove = async (): Promise<void> => {
    await removeLabelled(engine, label, 0);
    release();
  };
  try {
    const container = await create(options, { engine, label, hasReaper });
    return await supervise({ engine, options, label, container, remove });
  } catch (error) {
    const message = `${options.image} does not start: ${error instanceof Error ? error.message : String(error)}`;
    const log = await logOfLabelled(engine, label);
    await remove();
    throw new Error(message.includes(log) ? message : `${message}\n${log}`, { cause: error });
  }
}

async function create(
  options: ContainerOptions,
  { engine, label, hasReaper }: Surroundings,
): Promise<StartedTestContainer> {
  const local = !process.env['DOCKER_HOST']?.startsWith('tcp:') && !process.env['TESTCONTAINERS_HOST_OVERRIDE'];
  const { host } = engine.info.containerRuntime;
  const container = local ? new LocalContainer(options.image, localAddress(host)) : new GenericContainer(options.image);
  const starting = container
    .withExposedPorts({ container: options.port, host: await getPort() })
    .withEnvironment(options.environment)
    .withCommand(options.command)
    .withTmpFs(options.tmpfs ?? {})
    .withCopyContentToContainer([...(options.files ?? [])])
    .withLabels({ [CONTAINER_LABEL]: label })
    .withWaitStrategy(NO_WAIT)
    .withAutoCleanup(hasReaper)
    .start();
  return within(START_TIMEOUT_MS, 'the container engine', starting);
}

interface Surroundings {
  readonly engine: ContainerRuntimeClient;
  readonly label: string;
  readonly hasReaper: boolean;
}

interface Created {
  readonly engine: ContainerRuntimeClient;
  readonly options: ContainerOptions;
  readonly label: string;
  readonly container: StartedTestContainer;
  readonly remove: () => Promise<void>;
}

async function supervise({ engine, options, label, container, remove }: Created): Promise<StartedServer> {
  const address = {
    host: localAddress(container.getHost()),
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
      log: () => logOfLabelled(engine, label),
    });
  const version = await ready();
  return {
    address,
    description: `${version} (image ${options.image}) on port ${address.port}`,
    stop: remove,
    kill: async () => {
      await handle.kill({ signal: 'SIGKILL' });
    },
    restart: async () => {
      await handle.restart({ t: RESTART_GRACE_S });
      await ready();
    },
  };
}
