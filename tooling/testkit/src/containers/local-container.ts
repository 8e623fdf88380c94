import { GenericContainer } from 'testcontainers';

const LOOPBACK = '127.0.0.1';

/**
 * The address under which a local engine's ports are asked for. Programs that run in a container themselves reach the
 * engine's machine by its bridge, and nothing that is bound to loopback there.
 */
export function localAddress(engineHost: string): string {
  return engineHost === 'localhost' ? LOOPBACK : engineHost;
}

/** A container whose ports are open at one address only. Testcontainers opens them to the whole network. */
export class LocalContainer extends GenericContainer {
  readonly #address: string;

  constructor(image: string, address: string) {
    super(image);
    this.#address = address;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    const bindings: Record<string, { HostPort?: string }[]> = this.hostConfig.PortBindings ?? {};
    this.hostConfig.PortBindings = Object.fromEntries(
      Object.entries(bindings).map(([port, hosts]) => [
        port,
        hosts.map((host) => ({ ...host, HostIp: this.#address })),
      ]),
    );
  }
}
