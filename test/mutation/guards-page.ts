import type { Guard } from "./guard.ts";

/** The text of `docs/guards.md`. */
export function guardsPage(guards: readonly Guard[]): string {
  const rows = guards.map(
    ({ name, file, tests }) => `| ${name} | \`${file}\` | ${tests.map((test) => `\`${test}\``).join(", ")} |`,
  );
  return `# Guards

What stands between tenants, and between tenants and the host, each with the tests that fail when it is turned off.
\`npm run mutants\` turns off one at a time in a copy of the project and expects a failure; \`npm run mutants -- WORD\` those
whose name has the word; \`npm run mutants -- --page\` writes this page.

| guard | where | tests (\`npm test -- WORDS\`) |
| --- | --- | --- |
${rows.join("\n")}
`;
}
