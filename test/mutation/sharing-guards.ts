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
];
