/**
 * Ends this process though a thread in it spins for ever: an ordinary exit would wait for that thread. Whoever
 * started the process sees SIGKILL instead of an exit code.
 */
export function endHung(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable");
}
