/** Signs of life of an activity, so that the death of its process is noticed before its time is over. */
import { Context } from '@temporalio/activity';

export function heartbeats(everyMs: number): Disposable {
  const context = Context.current();
  const timer = setInterval(() => {
    context.heartbeat();
  }, everyMs);
  context.heartbeat();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}
