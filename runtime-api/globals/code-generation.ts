import { EvalErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetPrototypeOf,
  objectSetPrototypeOf,
  reflectConstruct,
} from "../primordials/object.ts";
import { defineBuiltin, replaceConstructor } from "./wrap.ts";

let locked = false;

function requireUnlocked(): void {
  if (locked) throw new EvalErrorOf("Code generation from strings disallowed for this context");
}

/** From now on no string becomes code. Called once the worker's top level has run. */
export function lockCodeGeneration(): void {
  locked = true;
}

function guardConstructor(Native: Function): Function {
  // A function, not a class: `Function()` works without `new`.
  function wrapper(...args: unknown[]): unknown {
    requireUnlocked();
    return reflectConstruct(
      Native,
      args,
      new.target === undefined || new.target === wrapper ? Native : new.target,
    );
  }
  replaceConstructor(Native, wrapper);
  return wrapper;
}

/**
 * Wraps `eval` and the four constructors of functions, so that they can be locked. V8's switch for it is
 * not within reach: isolated-vm decides it. A direct `eval` becomes an indirect one.
 */
export function guardCodeGeneration(global: object): void {
  const nativeEval = (global as { eval: (text: unknown) => unknown }).eval;
  const guarded = {
    eval(text: unknown): unknown {
      if (typeof text === "string") requireUnlocked();
      return nativeEval(text);
    },
  };
  objectDefineProperty(guarded.eval, "length", dataDescriptor(1, false, false));
  defineBuiltin(global, "eval", guarded.eval);

  const wrapped = guardConstructor((global as { Function: Function }).Function);
  defineBuiltin(global, "Function", wrapped);
  const samples = [async function () {}, function* () {}, async function* () {}];
  for (let i = 0; i < samples.length; i++) {
    const prototype = objectGetPrototypeOf(samples[i] as Function) as { constructor: Function };
    objectSetPrototypeOf(guardConstructor(prototype.constructor), wrapped);
  }
}
