/** The workflow bundle's entry: what the server may start, by name. */
export { call } from './call/workflow.ts';
export { callback } from './callback/workflow.ts';
export { campaign } from './campaign/workflow.ts';
export { line } from './line/workflow.ts';
export { missedCalls } from './missed-calls/workflow.ts';
export { retention } from './retention/workflow.ts';
export { wrapUp } from './wrap-up/workflow.ts';
