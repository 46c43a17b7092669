import { leavePoolAlone } from "../cell/supervision/pool-rest.ts";

/**
 * Ends this process though a thread in it may never end: an ordinary exit would wait for that thread. What is to be done
 * at an exit is done before. Whoever started the process sees SIGKILL instead of an exit code.
 */
export function endHung(): never {
  leavePoolAlone();
  process.on("exit", () => process.kill(process.pid, "SIGKILL"));
  process.exit();
}
