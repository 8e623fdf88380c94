export { openPipeline, type Asked, type Pipeline, type PipelineServers } from './pipeline.ts';
