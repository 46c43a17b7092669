import { Socket } from "node:net";
// oxlint-disable-next-line no-restricted-imports -- one of the two places that may
import { IsolateHub } from "../../isolate/isolate-hub.ts";
import type { InProcessCellOptions } from "../cell-options.ts";
import { ChildCell } from "./child-cell.ts";

/**
 * Entry of a process cell's child: isolates, their rules, and a pipe to the host on descriptor 3. It has
 * nothing worth keeping, so it ends by SIGKILL: an ordinary exit waits for threads that may never end.
 */
const options = JSON.parse(process.argv[2] ?? "{}") as InProcessCellOptions & {
  entryFd?: number;
  ownPriorities?: boolean;
};

function die(error?: unknown): never {
  if (error !== undefined) console.error(error);
  process.kill(process.pid, "SIGKILL");
  // The first process of a namespace does not hear its own signals.
  process.abort();
}

process.on("uncaughtException", die);
process.on("unhandledRejection", die);
// A signal to the whole group is the host's to act on: it drains first.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
new ChildCell(
  new Socket({ fd: 3, readable: true, writable: true }),
  new IsolateHub({ ...options, ownProcess: true }),
  options.entryFd,
  die,
);
