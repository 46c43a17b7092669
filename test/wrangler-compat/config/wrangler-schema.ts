import { readFileSync } from "node:fs";

/** The part of JSON Schema that wrangler's schema of its config uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

const FILE = JSON.parse(readFileSync("node_modules/wrangler/config-schema.json", "utf8")) as {
  readonly definitions: Readonly<Record<string, Schema>>;
};

/** Keys of the top level, and of an environment. */
export const TOP_KEYS: Readonly<Record<string, Schema>> = FILE.definitions["RawConfig"]!.properties!;
export const ENV_KEYS: Readonly<Record<string, Schema>> = FILE.definitions["RawEnvironment"]!.properties!;

/** What a schema says, with references followed. */
export function follow(schema: Schema): Schema {
  return schema.$ref === undefined
    ? schema
    : follow(FILE.definitions[decodeURIComponent(schema.$ref.replace("#/definitions/", ""))]!);
}

/** The alternatives of a schema. */
export function alternatives(schema: Schema): readonly Schema[] {
  const followed = follow(schema);
  return followed.anyOf?.flatMap(alternatives) ?? [followed];
}

/** Whether a value is of a type that the schema has, whatever is in it; without `isExact` whichever text it is. */
export function hasType(schema: Schema, value: unknown, isExact: boolean = true): boolean {
  return alternatives(schema).some(({ type, enum: values, const: only }) => {
    if (isExact && only !== undefined) return value === only;
    if (isExact && values !== undefined) return values.includes(value);
    if (type === undefined) return true;
    return [type].flat().includes(typeOf(value));
  });
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** A small value that the schema takes: what is required, and one element of each list. */
export function sample(schema: Schema, depth: number = 0): unknown {
  const { type, enum: values, const: only, properties = {}, required = [], items } = alternatives(schema)[0]!;
  if (only !== undefined) return only;
  if (values !== undefined) return values[0];
  switch ([type].flat()[0]) {
    case "string":
      return "text";
    case "number":
      return 10;
    case "boolean":
      return true;
    case "array":
      return items === undefined || depth > 4 ? [] : [sample(items, depth + 1)];
    case "object":
      return Object.fromEntries(
        required.map((key) => [key, sample(properties[key] ?? { type: "string" }, depth + 1)]),
      );
    default:
      return "text";
  }
}

/** Paths of all keys in a schema, to some depth, with the schema of each. */
export function* paths(
  schema: Schema,
  path: readonly (string | number)[] = [],
  depth: number = 5,
): Generator<{ path: readonly (string | number)[]; schema: Schema }> {
  yield { path, schema };
  if (depth === 0) return;
  for (const { properties = {}, items, additionalProperties } of alternatives(schema)) {
    for (const [key, inner] of Object.entries(properties)) yield* paths(inner, [...path, key], depth - 1);
    if (items !== undefined) yield* paths(items, [...path, 0], depth - 1);
    if (typeof additionalProperties === "object")
      yield* paths(additionalProperties, [...path, "NAME"], depth - 1);
  }
}

/** What an environment is, which has a table of its own, and what is not looked into. */
const OPAQUE = new Set(["env", "previews"]);

/** All keys inside a key of the top level, as `routes[].pattern`; `*` stands for any name, and nothing is below one. */
export function nestedPaths(key: string): readonly { path: string; schema: Schema }[] {
  const found = new Map<string, Schema>();
  const walk = (schema: Schema, path: string): void => {
    for (const { properties = {}, items, additionalProperties } of alternatives(schema)) {
      for (const [name, inner] of Object.entries(properties)) add(inner, `${path}.${name}`);
      if (items !== undefined) walk(items, `${path}[]`);
      if (typeof additionalProperties === "object") add(additionalProperties, `${path}.*`);
    }
  };
  const add = (schema: Schema, path: string): void => {
    if (found.has(path)) return;
    found.set(path, schema);
    if (!path.endsWith(".*")) walk(schema, path);
  };
  if (!OPAQUE.has(key)) walk(TOP_KEYS[key]!, key);
  return [...found].map(([path, schema]) => ({ path, schema }));
}
