import { test } from "uvu";
import { CPU } from "./cases/cpu.ts";
import { defineCases } from "./define-cases.ts";

defineCases("B. CPU", CPU, process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process");

test.run();
