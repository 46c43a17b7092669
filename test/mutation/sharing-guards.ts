import type { Guard } from "./guard.ts";

/** The guards that keep one account from taking what all share in the host. */
export const SHARING_GUARDS: readonly Guard[] = [
  {
    name: "turns of accounts with the cache's index",
    file: "src/storage/cache-turns.ts",
    find: "if (line.from === line.waiting.length || usedUs >= nextUs) continue;",
    off: "if (line.from === line.waiting.length || nextUs < Infinity) continue;",
    tests: ["storage/cache-turns"],
  },
  {
    name: "questions of an account that wait for the cache's index",
    file: "src/storage/cache-turns.ts",
    find: "if (!this.#room.take(question.account, weightOf(question))) return false;",
    off: "if (!this.#room.take(question.account, weightOf(question) * 0)) return false;",
    tests: ["storage/cache-turns"],
  },
  {
    name: "work of one question to the cache's index",
    file: "src/storage/cache-index.ts",
    find: "if (match.isSpent) break;",
    off: "",
    tests: ["storage/cache-index"],
  },
  {
    name: "costs count up",
    file: "src/cell/protocol/cost-ledger.ts",
    find: `if (cpuUs < known.saidUs) throw new Violation("an event costs less than before");`,
    off: "",
    tests: ["cell/protocol/cost-ledger", "cell/hostile-pipe"],
  },
  {
    name: "costs that there was time for",
    file: "src/cell/protocol/cost-ledger.ts",
    find: "Math.min(cpuUs - known.believedUs, Math.floor(this.#leftUs + this.#chargedUs));",
    off: "cpuUs - known.believedUs;",
    tests: ["cell/protocol/cost-ledger"],
  },
  {
    name: "nobody gets CPU back",
    file: "src/admission/admission.ts",
    find: "if (cpuUs > 0) {",
    off: "if (cpuUs !== 0) {",
    tests: ["admission/admission"],
  },
  {
    name: "frames of a cell in a second",
    file: "src/cell/protocol/frame-rate.ts",
    find: "if (this.#frames < frames && this.#values",
    off: "if (frames > 0 && this.#values",
    tests: ["cell/hostile-pipe"],
  },
  {
    name: "values of a cell in a second",
    file: "src/cell/protocol/frame-rate.ts",
    find: "this.#values < mostValues && this.#bytes < bytes",
    off: "mostValues > 0 && bytes > 0",
    tests: ["cell/hostile-pipe"],
  },
  {
    name: "frames for isolates that are gone",
    file: "src/cell/remote-isolates.ts",
    find: "if (remote === undefined) return this.#parts.forget(isolate);",
    off: "if (remote === undefined) return void readMessages(reader);",
    tests: ["cell/hostile-pipe"],
  },
  {
    name: "events of one frame",
    file: "src/cell/remote-isolates.ts",
    find: "return begun.size + MAX_LATE_EVENTS;",
    off: "return begun.size + MAX_ID / 2;",
    tests: ["cell/hostile-pipe"],
  },
  {
    name: "parts of one turn",
    file: "src/cell/protocol/turn-parts.ts",
    find: "if (this.#messages.length > MAX_RECORDS || this.#bytes > MAX_BYTES)",
    off: "if (this.#messages.length < 0)",
    tests: ["cell/hostile-pipe"],
  },
  {
    name: "nobody is blamed for what gathered for a cell",
    file: "src/warm/judge.ts",
    find: `if (reason === "backlog") return [];`,
    off: "",
    tests: ["warm/judge"],
  },
];
