import { writeFileSync } from "node:fs";
import { GUARDS } from "./guards.ts";
import { guardsPage } from "./guards-page.ts";
import { runTests } from "./run-tests.ts";
import { TreeCopy } from "./tree-copy.ts";

/**
 * `npm run mutants [-- --page | WORD...]`: turns off one guard at a time in a copy of the project, and expects that its
 * tests fail. Exits with 1 where they do not.
 */
const words = process.argv.slice(2);
if (words.includes("--page")) writeFileSync("docs/guards.md", guardsPage(GUARDS));
else process.exitCode = (await turnOff(words)) ? 0 : 1;

async function turnOff(wanted: readonly string[]): Promise<boolean> {
  const guards = GUARDS.filter(
    ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
  );
  using tree = new TreeCopy();
  let unnoticed = 0;
  for (const guard of guards) {
    const startMs = performance.now();
    const putBack = tree.change(guard.file, guard.find, guard.off);
    const { passed, said } = await runTests(tree.folder, guard);
    putBack();
    if (passed) unnoticed++;
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(0).padStart(4);
    console.log(`${passed ? "UNNOTICED" : "noticed  "} ${seconds} s  ${guard.name}${said && `: ${said}`}`);
  }
  console.log(`\n${guards.length - unnoticed} of ${guards.length} guards are missed when they are off`);
  return unnoticed === 0;
}
