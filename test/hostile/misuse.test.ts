import { test } from "uvu";
import { MISUSES } from "./cases/misuse.ts";
import { defineCases } from "./define-cases.ts";

defineCases(
  "F. Misuse of streams and responses",
  MISUSES,
  process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process",
);

test.run();
