import { test } from "uvu";
import { FLOODS } from "./cases/floods.ts";
import { defineCases } from "./define-cases.ts";

defineCases("D. Floods", FLOODS, process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process");

test.run();
