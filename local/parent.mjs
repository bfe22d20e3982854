// Ends this process when the one that started it is gone. Needed because a signal to npm alone, or its kill -9, reaches
// nobody below it: the children are handed to init and would go on unseen.

/** Set by a process of ours that starts another; npm's own children need no mark, npm names itself in their environment. */
export const PARENT_PID_VARIABLE = 'EVERCALL_PARENT_PID';

/** Short against the promised two seconds, long against the cost of one system call. */
const LOOK_EVERY_MS = 400;
/** After the polite signal: the supervisor stops its application within 1 s when orphaned, so this is its room and a little more. */
const FORCE_AFTER_MS = 2_000;

let gone = false;

/** True once the parent is gone: whoever is stopping should hurry. */
export function isOrphaned() {
  return gone;
}

function watchedParent() {
  const marked = Number(process.env[PARENT_PID_VARIABLE]);
  delete process.env[PARENT_PID_VARIABLE];
  if (Number.isInteger(marked) && marked > 1) return marked;
  // Started straight from a shell, a later `exit` of that shell must not end it (nohup, disown): only npm is watched.
  return process.env.npm_lifecycle_event === undefined ? undefined : process.ppid;
}

export function endWithParent() {
  const parent = watchedParent();
  if (parent === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone = true;
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), FORCE_AFTER_MS);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}
