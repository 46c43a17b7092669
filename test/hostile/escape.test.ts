import { test } from "uvu";
import { ESCAPES } from "./cases/escape.ts";
import { defineCases } from "./define-cases.ts";

defineCases("A. Escapes", ESCAPES, process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process");

test.run();
