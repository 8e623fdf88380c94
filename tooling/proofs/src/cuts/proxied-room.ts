import { tcpProxy, type TcpProxy } from '@tidemark/testkit';

import { openPipeline, type Pipeline, type PipelineServers } from '../pipeline.ts';
import { openHops, type Hops, type Side } from './hops.ts';

/** A pipeline whose hops reach each of the three servers through a proxy; what the test itself does goes direct. */
export interface ProxiedRoom extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly hops: Hops;
  readonly proxies: Readonly<Record<Side, TcpProxy>>;
}

export async function openProxiedRoom(servers: PipelineServers = {}): Promise<ProxiedRoom> {
  await using opening = new AsyncDisposableStack();
  const pipeline = opening.use(await openPipeline(servers));
  const proxies = {
    source: opening.use(await tcpProxy(pipeline.source.endpoint)),
    replica: opening.use(await tcpProxy(pipeline.replica.endpoint)),
    warehouse: opening.use(await tcpProxy(pipeline.warehouse.endpoint)),
  };
  const hops = opening.use(
    await openHops(pipeline, {
      source: addressOf(proxies.source),
      replica: addressOf(proxies.replica),
      warehouse: addressOf(proxies.warehouse),
    }),
  );
  const opened = opening.move();
  return { pipeline, hops, proxies, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

function addressOf({ host, port }: TcpProxy): { host: string; port: number } {
  return { host, port };
}
