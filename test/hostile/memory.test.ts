import { test } from "uvu";
import { MEMORY } from "./cases/memory.ts";
import { defineCases } from "./define-cases.ts";

defineCases("C. Memory", MEMORY, process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process");

test.run();
