import { GenericContainer } from 'testcontainers';

const LOOPBACK = '127.0.0.1';

/** A container whose ports are open to this machine only. Testcontainers opens them to the whole network. */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const bindings: Record<string, { HostPort?: string }[]> = this.hostConfig.PortBindings ?? {};
    this.hostConfig.PortBindings = Object.fromEntries(
      Object.entries(bindings).map(([port, hosts]) => [port, hosts.map((host) => ({ ...host, HostIp: LOOPBACK }))]),
    );
  }
}
