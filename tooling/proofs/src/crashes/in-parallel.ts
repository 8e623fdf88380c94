/**
 * Works through a list with one worker per tool, each taking the next item when it is done. The first failure ends it,
 * once no tool is in use any more.
 */
export async function inParallel<Tool, Item, Result>(
  tools: readonly Tool[],
  items: readonly Item[],
  work: (tool: Tool, item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const failures: unknown[] = [];
  const worker = async (tool: Tool): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(tool, item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(tools.map(worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
