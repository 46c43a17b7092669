import type { Command, Option } from "commander";
import { skerryCommands } from "../../src/cli/skerry-commands.ts";

/** The text of `docs/cli.md`. */
export function cliPage(): string {
  const commands = skerryCommands();
  return `# The command line

\`npx skerry <command>\`; in a clone \`npm run -s skerry -- <command>\`. \`skerry help <command>\` prints the same, with examples.
\`npm run pages\` writes this page from the commands themselves; a test compares.

| command | |
| --- | --- |
${commands.map((command) => `| [\`skerry ${command.name()}\`](#skerry-${command.name()}) | ${cell(command.description())} |`).join("\n")}

${commands.map((command) => section(command)).join("\n\n")}
`;
}

function section(command: Command): string {
  const name = `skerry ${command.name()}`;
  const parts = [`## ${name}`, sentence(command.description()), ...usage(command, name)];
  for (const sub of command.commands) {
    const subName = `${name} ${sub.name()}`;
    parts.push(`### ${subName}`, sentence(sub.description()), ...usage(sub, subName));
  }
  return parts.join("\n\n");
}

/** How it is called, and what it can be told. */
function usage(command: Command, name: string): string[] {
  const isGroup = command.commands.length > 0 && command.options.length === 0;
  if (isGroup) return [];
  const words = command.registeredArguments
    .map((argument) => `${argument.name()}${argument.variadic ? "..." : ""}`)
    .map((word, index) => (command.registeredArguments[index]!.required ? ` <${word}>` : ` [${word}]`));
  const rows = [
    ...command.registeredArguments.map(
      (argument) =>
        `| \`${argument.name()}\` | ${cell(argument.description)}${fallback(argument.defaultValue)} |`,
    ),
    ...command.options.map(
      (option) => `| \`${option.flags.replaceAll("|", "\\|")}\` | ${cell(described(option))} |`,
    ),
  ];
  const table = ["| argument or option | |", "| --- | --- |", ...rows].join("\n");
  return [`\`${name}${words.join("")}\``, ...(rows.length > 0 ? [table] : [])];
}

function described({ description, argChoices, defaultValue, mandatory }: Option): string {
  const choices =
    argChoices === undefined ? "" : `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`;
  return `${description}${choices}${fallback(defaultValue)}${mandatory ? " (has to be given)" : ""}`;
}

function fallback(value: unknown): string {
  return value === undefined || value === false ? "" : ` (default: ${String(value)})`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Text in a cell of a table, where nothing may look like markup. */
function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll(/<([^>`]*)>/g, (match, _inner, at: number, all: string) =>
      (all.slice(0, at).split("`").length - 1) % 2 === 1 ? match : match.replace("<", "&lt;"),
    );
}
