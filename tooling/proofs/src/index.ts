export { openCommand, type Command, type CommandEnd } from './command.ts';
export { openPipeline, type Asked, type Pipeline, type PipelineServers } from './pipeline.ts';
