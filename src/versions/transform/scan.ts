import type { Identifier, ImportExpression, MetaProperty, Node, Program } from "acorn";
import { declaredNames } from "./declared-names.ts";
import { Scope } from "./scope.ts";

/** How an identifier is used, as far as what may stand in its place depends on it. */
export interface Role {
  /** `f()` and f`x`: an import must be called without a receiver. */
  readonly called: boolean;
  /** Stands for key and value of a property: `{ f }`. */
  readonly shorthand: boolean;
  readonly assigned: boolean;
}

export interface Mention extends Role {
  readonly node: Identifier;
  readonly scope: Scope;
}

/** What one walk over a program's tree finds. */
export interface Scan {
  /** Every identifier's name, so that the wrapper can choose others. */
  readonly names: Set<string>;
  /** Identifiers that refer to imports. */
  readonly references: readonly Mention[];
  readonly metas: readonly MetaProperty[];
  readonly dynamicImports: readonly ImportExpression[];
  /** `arguments` outside functions: unbound in a module, but not in the function it becomes. */
  readonly looseArguments: readonly Mention[];
  /** Starts of statements before which a semicolon may be put. */
  readonly listedStatements: ReadonlySet<number>;
  /** Names that `var` and `function` declare at the top level: in a script they are global. */
  readonly variables: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Whether the module awaits at its top level. */
  readonly awaits: boolean;
}

/**
 * Walks a whole program once.
 *
 * @param imported local names of imports
 */
export function scan(program: Program, imported: ReadonlySet<string>): Scan {
  return new Scanner(imported).scan(program);
}

const NO_ROLE: Role = { called: false, shorthand: false, assigned: false };
const CALLED: Role = { ...NO_ROLE, called: true };
const ASSIGNED: Role = { ...NO_ROLE, assigned: true };

type Loose = Node & Record<string, unknown>;

class Scanner {
  readonly #imported: ReadonlySet<string>;
  readonly #names = new Set<string>();
  readonly #mentions: Mention[] = [];
  readonly #metas: MetaProperty[] = [];
  readonly #dynamicImports: ImportExpression[] = [];
  readonly #looseArguments: Mention[] = [];
  readonly #listedStatements = new Set<number>();
  readonly #variables = new Set<string>();
  readonly #functions = new Set<string>();
  #awaits = false;

  constructor(imported: ReadonlySet<string>) {
    this.#imported = imported;
  }

  scan(program: Program): Scan {
    this.#walk(program, Scope.module());
    return {
      names: this.#names,
      // Only now are all declarations known, those behind their uses too.
      references: this.#mentions.filter(({ node, scope }) => !scope.shadows(node.name)),
      metas: this.#metas,
      dynamicImports: this.#dynamicImports,
      looseArguments: this.#looseArguments,
      listedStatements: this.#listedStatements,
      variables: this.#variables,
      functions: this.#functions,
      awaits: this.#awaits,
    };
  }

  #walk(node: Node, scope: Scope, role: Role = NO_ROLE): void {
    const loose = node as Loose;
    switch (node.type) {
      case "Identifier":
        return this.#identifier(node as Identifier, scope, role);
      case "ImportDeclaration":
        for (const specifier of loose["specifiers"] as Loose[]) this.#name(specifier["local"]);
        return;
      case "ExportAllDeclaration":
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "ExportNamedDeclaration":
        // Specifiers name bindings, which the transform looks up itself.
        return this.#child(loose["declaration"], scope);
      case "CallExpression":
        this.#child(loose["callee"], scope, CALLED);
        return this.#child(loose["arguments"], scope);
      case "TaggedTemplateExpression":
        this.#child(loose["tag"], scope, CALLED);
        return this.#child(loose["quasi"], scope);
      case "MemberExpression":
        this.#child(loose["object"], scope);
        return this.#key(loose, "property", scope);
      case "Property":
        if (loose["shorthand"] === true)
          return this.#child(loose["value"], scope, { ...role, shorthand: true });
        this.#key(loose, "key", scope);
        return this.#child(loose["value"], scope, role);
      case "MethodDefinition":
        this.#key(loose, "key", scope);
        return this.#child(loose["value"], scope);
      case "PropertyDefinition":
        this.#key(loose, "key", scope);
        return this.#child(loose["value"], scope.function(false));
      case "AssignmentPattern":
        this.#child(loose["left"], scope, role);
        return this.#child(loose["right"], scope);
      case "AssignmentExpression":
        this.#child(loose["left"], scope, ASSIGNED);
        return this.#child(loose["right"], scope);
      case "ArrayPattern":
        return this.#child(loose["elements"], scope, ASSIGNED);
      case "ObjectPattern":
        return this.#child(loose["properties"], scope, ASSIGNED);
      case "RestElement":
      case "UpdateExpression":
        return this.#child(loose["argument"], scope, ASSIGNED);
      case "LabeledStatement":
        this.#name(loose["label"]);
        return this.#child(loose["body"], scope);
      case "MetaProperty":
        if ((loose["meta"] as Identifier).name === "import") this.#metas.push(node as MetaProperty);
        return;
      default:
        return this.#scoped(loose, scope);
    }
  }

  /** Nodes that make scopes, declare names or await; of all others every child is walked. */
  #scoped(node: Loose, scope: Scope): void {
    switch (node.type) {
      case "ImportExpression":
        this.#dynamicImports.push(node as unknown as ImportExpression);
        break;
      case "AwaitExpression":
        if (!scope.inFunction) this.#awaits = true;
        break;
      case "VariableDeclaration":
        if (node["kind"] === "await using" && !scope.inFunction) this.#awaits = true;
        if (node["kind"] === "var" && scope.variables.parent === undefined) {
          for (const name of declaredNames(node)) this.#variables.add(name);
        }
        this.#declare(node, node["kind"] === "var" ? scope.variables : scope);
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        if (node.type === "ClassDeclaration") this.#declare(node["id"], scope);
        scope = scope.block();
        this.#declare(node["id"], scope);
        break;
      case "StaticBlock":
        scope = scope.function(false);
        this.#listStatements(node["body"]);
        break;
      case "Program":
        this.#listStatements(node["body"]);
        break;
      case "BlockStatement":
        scope = scope.block();
        this.#listStatements(node["body"]);
        break;
      case "SwitchCase":
        this.#listStatements(node["consequent"]);
        break;
      case "SwitchStatement":
        this.#child(node["discriminant"], scope);
        return this.#child(node["cases"], scope.block());
      case "ForInStatement":
      case "ForOfStatement":
        if (node["await"] === true && !scope.inFunction) this.#awaits = true;
        scope = scope.block();
        this.#child(node["left"], scope, ASSIGNED);
        this.#child(node["right"], scope);
        return this.#child(node["body"], scope);
      case "ForStatement":
        scope = scope.block();
        break;
      case "CatchClause":
        scope = scope.block();
        this.#declare(node["param"], scope);
        break;
      default:
    }
    for (const key in node) this.#child(node[key], scope);
  }

  #function(node: Loose, outer: Scope): void {
    if (node.type === "FunctionDeclaration") {
      if (outer.parent === undefined) for (const name of declaredNames(node["id"])) this.#functions.add(name);
      this.#declare(node["id"], outer);
    }
    // Parameters do not see what the body declares, so the body has a scope of its own.
    const scope = outer.function(node.type === "ArrowFunctionExpression");
    if (node.type === "FunctionExpression") this.#declare(node["id"], scope);
    for (const parameter of node["params"] as Node[]) this.#declare(parameter, scope);
    this.#child(node["id"], scope);
    this.#child(node["params"], scope);
    this.#child(node["body"], scope.function(true));
  }

  #identifier(node: Identifier, scope: Scope, role: Role): void {
    this.#names.add(node.name);
    if (this.#imported.has(node.name)) this.#mentions.push({ node, scope, ...role });
    else if (node.name === "arguments" && !scope.ownArguments)
      this.#looseArguments.push({ node, scope, ...role });
  }

  #child(value: unknown, scope: Scope, role: Role = NO_ROLE): void {
    if (Array.isArray(value)) for (const item of value) this.#child(item, scope, role);
    else if (isNode(value)) this.#walk(value, scope, role);
  }

  /** A key that may be computed. */
  #key(node: Loose, key: "key" | "property", scope: Scope): void {
    if (node["computed"] === true) this.#child(node[key], scope);
    else this.#name(node[key]);
  }

  #name(node: unknown): void {
    if (isNode(node) && node.type === "Identifier") this.#names.add((node as Identifier).name);
  }

  #declare(node: unknown, scope: Scope): void {
    if (this.#imported.size === 0) return;
    for (const name of declaredNames(node)) if (this.#imported.has(name)) scope.declare(name);
  }

  #listStatements(statements: unknown): void {
    if (this.#imported.size === 0) return;
    for (const { type, start } of statements as Node[]) {
      if (type === "ExpressionStatement") this.#listedStatements.add(start);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
