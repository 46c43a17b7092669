import { bindingKind } from "./binding-kinds.ts";
import type { AnswerCall, BindingPlugIn } from "./plug-in.ts";

/** A plug-in with all that it left out. */
export type ReadyPlugIn = Required<
  Pick<BindingPlugIn, "answer" | "methods" | "oneWay" | "timeoutMs" | "concurrency">
> &
  Pick<BindingPlugIn, "fetch" | "values" | "check">;

const KEYS: ReadonlySet<string> = new Set([
  "answer",
  "fetch",
  "methods",
  "oneWay",
  "values",
  "check",
  "timeoutMs",
  "concurrency",
]);
const FUNCTIONS = ["answer", "fetch", "values", "check"] as const;
/** Types that Skerry answers itself. */
const OWN: ReadonlySet<string> = new Set([
  "assets",
  "inherit",
  "json",
  "kv_namespace",
  "plain_text",
  "ratelimit",
  "secret_key",
  "secret_text",
  "service",
  "version_metadata",
]);
const TYPE = /^[a-z0-9][a-z0-9_]{0,63}$/;
const METHOD = /^[A-Za-z_$][\w$]{0,127}$/;
/** What the object has of itself, or what would make it a promise. */
const TAKEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "then", "toJSON"]);
const MAX_TIMEOUT_MS = 24 * 3_600_000;
const MAX_CONCURRENCY = 100_000;

/** What is wrong with a plug-in, one line each; `at` is its place among the options. */
export function plugInProblems(type: string, given: unknown): string[] {
  const at = `"bindings.${type}"`;
  if (OWN.has(type)) return [`${at}: Skerry answers bindings of this type itself`];
  if (!TYPE.test(type)) return [`${at}: a type of bindings has 1 to 64 of a-z, 0-9 and "_"`];
  if (typeof given !== "function" && (typeof given !== "object" || given === null))
    return [`${at} is ${String(given)}; it must be a function or a plug-in`];
  const plugIn = (typeof given === "function" ? { answer: given } : given) as Readonly<
    Record<string, unknown>
  >;
  const problems = Object.keys(plugIn)
    .filter((key) => !KEYS.has(key))
    .map((key) => `${at} has "${key}"; a plug-in has ${[...KEYS].join(", ")}`);
  for (const key of FUNCTIONS)
    if (plugIn[key] !== undefined && typeof plugIn[key] !== "function")
      problems.push(`"bindings.${type}.${key}" must be a function`);
  for (const key of ["methods", "oneWay"])
    if (plugIn[key] !== undefined && !isMethods(plugIn[key]))
      problems.push(`"bindings.${type}.${key}" must be a list of names of methods`);
  const range = (key: string, most: number): void => {
    const value = plugIn[key];
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most))
      problems.push(
        `"bindings.${type}.${key}" is ${JSON.stringify(value)}; it must be a whole number from 1 to ${most}`,
      );
  };
  range("timeoutMs", MAX_TIMEOUT_MS);
  range("concurrency", MAX_CONCURRENCY);
  if (problems.length > 0) return problems;
  const { methods, oneWay } = readyPlugIn(type, plugIn as BindingPlugIn);
  const calls = methods.length + oneWay.length;
  if (plugIn["answer"] !== undefined && calls === 0)
    problems.push(`${at} needs "methods": names of what its bindings have, which are not known of this type`);
  if (plugIn["answer"] === undefined && plugIn["fetch"] === undefined && plugIn["values"] === undefined)
    problems.push(`${at} needs one of "answer", "fetch" and "values"`);
  return problems;
}

function isMethods(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= 1_000 &&
    value.every((name) => typeof name === "string" && METHOD.test(name) && !TAKEN.has(name))
  );
}

/** @param given was checked */
export function readyPlugIn(type: string, given: BindingPlugIn | AnswerCall): ReadyPlugIn {
  const plugIn = typeof given === "function" ? { answer: given } : given;
  const kind = bindingKind(type);
  const isCalled = plugIn.answer !== undefined;
  const oneWay = isCalled ? (plugIn.oneWay ?? (plugIn.methods === undefined ? kind?.oneWay : [])) : [];
  const { timeoutMs = 60_000, concurrency = 100 } = plugIn;
  return {
    ...plugIn,
    answer: plugIn.answer?.bind(plugIn) ?? (() => undefined),
    methods: isCalled ? (plugIn.methods ?? kind?.methods ?? []) : [],
    oneWay: oneWay ?? [],
    timeoutMs,
    concurrency,
    ...(plugIn.fetch !== undefined && { fetch: plugIn.fetch.bind(plugIn) }),
    ...(plugIn.values !== undefined && { values: plugIn.values.bind(plugIn) }),
    ...(plugIn.check !== undefined && { check: plugIn.check.bind(plugIn) }),
  };
}
