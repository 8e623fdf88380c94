import { ImageName, type ContainerRuntimeClient } from 'testcontainers';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { within } from '../ladder/within.ts';

/** A registry that cannot be reached shows within this time. */
const FIRST_ANSWER_TIMEOUT_MS = 20_000;
const PULL_TIMEOUT_MS = 240_000;

/** Pulls an image unless it is here. Testcontainers would pull too, but wait for as long as the engine does. */
export async function ensureImage(engine: ContainerRuntimeClient, image: string): Promise<void> {
  if (await engine.image.exists(ImageName.fromString(image))) return;
  const { dockerode } = engine.container;
  try {
    const progress = await within(FIRST_ANSWER_TIMEOUT_MS, `pulling ${image}`, dockerode.pull(image));
    const { promise: pulled, resolve, reject } = Promise.withResolvers<void>();
    dockerode.modem.followProgress(progress, (error) => {
      if (error) reject(error);
      else resolve();
    });
    await within(PULL_TIMEOUT_MS, `pulling ${image}`, pulled);
  } catch (error) {
    throw new RungUnavailable(`image ${image} is not here and cannot be pulled`, { cause: error });
  }
}
