import { writeFileSync } from "node:fs";
import { hostilePage } from "./table.ts";

writeFileSync("docs/hostile-suite.md", hostilePage());
