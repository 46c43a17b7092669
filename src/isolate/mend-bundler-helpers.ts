import { splitBundle } from "./bundle-files.ts";

/** What the bundler's functions do at the start of each script, and what they are to do. */
const EVALUATION = [
  ["if (err) throw err[0];", ""],
  ["return fn && (res = ", "return fn && (err = fn, res = "],
  ["(fn = 0)), res;", "(fn = 0), err = 0), res;"],
  ["throw err = [e], e;", "throw fn = err, e;"],
] as const;
const COPYING = [
  ["__hasOwnProp = Object.prototype.hasOwnProperty", "__hasOwnProp = Object.hasOwn"],
  ["__hasOwnProp.call(to, key)", "__hasOwnProp(to, key)"],
] as const;
const DESCRIPTOR = /(__defProp\(\w+, \w+, |__defProp\(.+?, "\w+", )\{ (get|value):/g;

/**
 * Makes the bundler's own functions fit for code that is evaluated beside a worker's.
 *
 * - A file whose evaluation broke off, as the worker was at the end of its stack, is evaluated anew when it is asked for
 *   again. The bundler would keep the error, and throw it at every later request.
 * - What a file exports is put together with nothing that a worker can replace for good: a `Function.prototype.call` of its
 *   own would be given all of it, and so would a getter on `Object.prototype` that bears the name of a descriptor's field.
 *
 * @param script the bundle, with names as the bundler writes them
 * @throws Error where the bundle does not have the form that the bundler gives it today
 */
export function mendBundlerHelpers(script: string): string {
  const { helpers: given, files } = splitBundle(script);
  if (files.length === 0) throw new Error("the bundle does not say where its files begin");
  let helpers = given;
  for (const [from, to] of [...EVALUATION, ...COPYING]) {
    if (!helpers.includes(from)) throw new Error(`the bundler's functions do not have "${from}" any more`);
    helpers = helpers.replace(from, to);
  }
  helpers = helpers.replaceAll(DESCRIPTOR, "$1{ __proto__: null, $2:");
  if (/\{ (?:get|value):/.test(helpers))
    throw new Error("the bundler defines properties in another way than it did");
  return helpers + script.slice(given.length);
}
