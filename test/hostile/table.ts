import { CHAPTERS } from "./case-numbers.ts";
import { CPU } from "./cases/cpu.ts";
import { DEPLOYS } from "./cases/deploys.ts";
import { ESCAPES } from "./cases/escape.ts";
import { FLOODS } from "./cases/floods.ts";
import { MEMORY } from "./cases/memory.ts";
import { MISUSES } from "./cases/misuse.ts";
import { STORAGE } from "./cases/storage.ts";
import { UNSTOPPABLE } from "./cases/unstoppable.ts";
import type { HostileCase } from "./hostile-case.ts";
import { LEFT_OUT } from "./left-out.ts";
import { TESTED_ELSEWHERE } from "./tested-elsewhere.ts";

/** Files of cases by their name. */
const FILES: Readonly<Record<string, readonly HostileCase[]>> = {
  escape: ESCAPES,
  cpu: CPU,
  memory: MEMORY,
  unstoppable: UNSTOPPABLE,
  floods: FLOODS,
  misuse: MISUSES,
  storage: STORAGE,
};

/** All hostile workers, in all files. */
export const ALL_CASES: readonly HostileCase[] = Object.values(FILES).flat();

/** Numbers of the list that nothing says anything about. */
export function numbersWithoutAWord(): number[] {
  const said = new Set(
    [...ALL_CASES, ...DEPLOYS, ...TESTED_ELSEWHERE, ...LEFT_OUT].map(({ number }) => number),
  );
  return CHAPTERS.flatMap(({ numbers }) => numbers).filter((number) => !said.has(number));
}

/** The text of `docs/hostile-suite.md`. */
export function hostilePage(): string {
  const unmet = ALL_CASES.filter(({ unmet: why }) => why !== undefined);
  const unmetLines = unmet.map(({ number, name, unmet: why }) => `- ${number}. ${name}: ${why}`);
  return `# The hostile suite

Workers, uploads and clients that mean harm, and how each has to end. \`npm test -- hostile\` runs them: each in a host with
both kinds of cell and a well-behaved neighbour of another account beside it, which is asked 50 times a second over HTTP.
Asserted for each: how it ends, that the worker serves its next request, that the neighbour got no error, that the host had
no fault and did not stand still, and that cells stay within their memory. At the end of a file nothing may be under way,
and the cells' memory has to come back. \`npm run soak\` mixes thousands of them at random in one host (\`--help\`).
This page is made by \`node test/hostile/write-page.ts\`.

- **OK**: answers as it should. **THROW**: what it tried threw an error that it could catch. **EXCEPTION**: ends with an
  error that nobody caught. **REJECT**: the upload is refused, with the place where there is one.
- **TERM-CPU, TERM-MEM, TERM-WALL, TERM-QUOTA**: stopped by its limit of CPU, memory, time without progress, output.
- **KILL**: the process of the cell is given up and replaced. Such cases run in process cells only: in process, nothing but
  the end of the host's own process would stop them.

Where several endings stand, V8, the machine's load and the prelude choose between them; each is right.

## What does not hold yet

${unmetLines.length === 0 ? "Nothing of what is asserted." : unmetLines.join("\n")}

${CHAPTERS.map(({ title, numbers }) => chapter(title, numbers)).join("\n\n")}
`;
}

function chapter(title: string, numbers: readonly number[]): string {
  return `## ${title}\n\n| | case | ends | where |\n| ---: | --- | --- | --- |\n${numbers.flatMap(rows).join("\n")}`;
}

function rows(number: number): string[] {
  const of = <T extends { readonly number: number }>(list: readonly T[]): T[] =>
    list.filter((one) => one.number === number);
  const row = (name: string, ends: string, where: string): string =>
    `| ${number} | ${name.replaceAll("|", "\\|")} | ${ends} | ${where} |`;
  return [
    ...Object.entries(FILES).flatMap(([file, cases]) =>
      of(cases).map(({ name, ends, processOnly }) =>
        row(
          name,
          ends.join(", "),
          `\`test/hostile/cases/${file}.ts\`${processOnly === true ? ", process cells" : ""}`,
        ),
      ),
    ),
    ...of(DEPLOYS).map(({ name }) => row(name, "REJECT", "`test/hostile/cases/deploys.ts`")),
    ...of(TESTED_ELSEWHERE).map(({ name, file }) => row(name, "", `\`${file}\``)),
    ...of(LEFT_OUT).map(({ reason }) => row("", "left out", reason)),
  ];
}
