import { parse, parseExpressionAt } from "acorn";

/** Name of the function that stands for `eval` in the harness for Web IDL. */
export const EVAL_NAME = "skerryEval";

/**
 * A function that gives the value of each expression which a script has as a string. The harness for Web IDL
 * evaluates such strings, and no string becomes code while a worker answers a request.
 */
export function evalTable(script: string): string {
  const cases = [...expressionStrings(script)].map(
    (text) => `case ${JSON.stringify(text)}: return (${text});`,
  );
  return `function ${EVAL_NAME}(text) { if (typeof text !== "string") return text; switch (text) {
${cases.join("\n")}
} throw new EvalError("not in the table: " + text); }`;
}

function expressionStrings(script: string): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const node = value as Record<string, unknown>;
    if (node["type"] === "Literal" && typeof node["value"] === "string" && isExpression(node["value"]))
      found.add(node["value"]);
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(parse(script, { ecmaVersion: "latest", sourceType: "script" }));
  return found;
}

function isExpression(text: string): boolean {
  try {
    return parseExpressionAt(text, 0, { ecmaVersion: "latest" }).end === text.trimEnd().length;
  } catch {
    return false;
  }
}
