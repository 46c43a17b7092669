import { test } from "uvu";
import { UNSTOPPABLE } from "./cases/unstoppable.ts";
import { defineCases } from "./define-cases.ts";

defineCases("What nothing stops", UNSTOPPABLE, "process");

test.run();
