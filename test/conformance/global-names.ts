import { parse, type Pattern } from "acorn";

/**
 * Statements that make the functions and `var`s of a script's top level global, as they would be if it were not
 * part of a function: `before` stands ahead of the script, `after` behind it. Names that are taken stay.
 */
export function globalNames(script: string): { readonly before: string; readonly after: string } {
  const functions: string[] = [];
  const variables: string[] = [];
  try {
    const program = parse(script, {
      ecmaVersion: "latest",
      sourceType: "script",
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: false,
    });
    for (const statement of program.body) {
      if (statement.type === "FunctionDeclaration") functions.push(statement.id.name);
      if (statement.type === "VariableDeclaration" && statement.kind === "var") {
        for (const { id } of statement.declarations) variables.push(...namesOf(id));
      }
    }
  } catch {
    // What does not parse fails when it is run.
  }
  return { before: publish(functions), after: publish(variables) };
}

function namesOf(pattern: Pattern): string[] {
  return pattern.type === "Identifier" ? [pattern.name] : [];
}

function publish(names: readonly string[]): string {
  return names.map((name) => `if (!("${name}" in globalThis)) globalThis.${name} = ${name};`).join("\n");
}
