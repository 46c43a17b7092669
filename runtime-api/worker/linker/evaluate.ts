import { arrayPop, arrayPush, arraySort } from "../../primordials/array.ts";
import { ErrorOf } from "../../primordials/errors.ts";
import { promiseHandled, promiseWithResolvers } from "../../primordials/promise.ts";
import { mathMin } from "../../primordials/values.ts";
import type { ModuleRecord } from "./module-record.ts";

/** Runs the body of a module that is not `esm`. */
export type RunOther = (module: ModuleRecord) => void;

let asyncCount = 0;

/**
 * Evaluates a linked module and all it needs, as the language says: dependencies first, siblings that
 * await in parallel, each module once, its error kept. The promise settles when the module has.
 */
export function evaluate(module: ModuleRecord, runOther: RunOther): Promise<void> {
  const root =
    module.status === "evaluating-async" || module.status === "evaluated"
      ? (module.cycleRoot ?? module)
      : module;
  if (root.capability !== undefined) return root.capability.promise;
  const capability = (root.capability = promiseWithResolvers<void>());
  const stack: ModuleRecord[] = [];
  try {
    visit(root, stack, 0, runOther);
    if (root.status === "evaluated") capability.resolve();
  } catch (error) {
    for (let i = 0; i < stack.length; i++) {
      const failed = stack[i] as ModuleRecord;
      failed.status = "evaluated";
      failed.failed = true;
      failed.error = error;
      failed.cycleRoot ??= failed;
    }
    capability.reject(error);
  }
  return capability.promise;
}

/** Evaluates a module for `require`. Throws if it, or anything it needs, has a top-level await. */
export function evaluateNow(module: ModuleRecord, runOther: RunOther): void {
  if (module.status === "linked") promiseHandled(evaluate(module, runOther));
  if (module.failed) throw module.error;
  if (module.status === "evaluating-async") {
    throw new ErrorOf(
      `Cannot require() the module "${module.name}": it, or a module it imports, has a top-level await. Use import() instead.`,
    );
  }
}

function visit(module: ModuleRecord, stack: ModuleRecord[], index: number, runOther: RunOther): number {
  if (module.status === "evaluating-async" || module.status === "evaluated") {
    if (module.failed) throw module.error;
    return index;
  }
  if (module.status === "evaluating") return index;
  module.status = "evaluating";
  module.dfsIndex = module.dfsAncestor = index++;
  module.pendingAsync = 0;
  arrayPush(stack, module);
  for (let i = 0; i < module.requested.length; i++) {
    let required = module.requested[i] as ModuleRecord;
    index = visit(required, stack, index, runOther);
    if (required.status === "evaluating") {
      module.dfsAncestor = mathMin(module.dfsAncestor, required.dfsAncestor);
    } else {
      required = required.cycleRoot ?? required;
      if (required.failed) throw required.error;
    }
    if (required.asyncOrder > 0 && required.status !== "evaluated") {
      module.pendingAsync++;
      arrayPush(required.asyncParents, module);
    }
  }
  if (module.pendingAsync > 0 || module.hasAwait) {
    module.asyncOrder = ++asyncCount;
    if (module.pendingAsync === 0) void runAsync(module, runOther);
  } else {
    runBody(module, runOther);
  }
  if (module.dfsAncestor === module.dfsIndex) {
    for (;;) {
      const member = arrayPop(stack) as ModuleRecord;
      member.status = member.asyncOrder === 0 ? "evaluated" : "evaluating-async";
      member.cycleRoot = module;
      if (member === module) break;
    }
  }
  return index;
}

function runBody(module: ModuleRecord, runOther: RunOther): void {
  if (module.kind === "esm") step(module);
  else runOther(module);
}

/** Runs the second step of an `esm` body: the module's own code. */
function step(module: ModuleRecord): unknown {
  return (module.iterator as Iterator<unknown>).next();
}

async function runAsync(module: ModuleRecord, runOther: RunOther): Promise<void> {
  try {
    await step(module);
  } catch (error) {
    rejected(module, error);
    return;
  }
  fulfilled(module, runOther);
}

/** An asynchronous module is done: modules that waited for it alone run now, in order. */
function fulfilled(module: ModuleRecord, runOther: RunOther): void {
  if (module.status === "evaluated") return;
  module.status = "evaluated";
  module.capability?.resolve();
  const ready: ModuleRecord[] = [];
  gather(module, ready);
  arraySort(ready, (a, b) => a.asyncOrder - b.asyncOrder);
  for (let i = 0; i < ready.length; i++) {
    const next = ready[i] as ModuleRecord;
    if (next.status === "evaluated") continue;
    if (next.hasAwait) {
      void runAsync(next, runOther);
      continue;
    }
    try {
      runBody(next, runOther);
    } catch (error) {
      rejected(next, error);
      continue;
    }
    next.status = "evaluated";
    next.capability?.resolve();
  }
}

function gather(module: ModuleRecord, ready: ModuleRecord[]): void {
  for (let i = 0; i < module.asyncParents.length; i++) {
    const parent = module.asyncParents[i] as ModuleRecord;
    if (parent.failed || parent.cycleRoot?.failed === true) continue;
    if (--parent.pendingAsync > 0) continue;
    arrayPush(ready, parent);
    if (!parent.hasAwait) gather(parent, ready);
  }
}

function rejected(module: ModuleRecord, error: unknown): void {
  if (module.status === "evaluated") return;
  module.status = "evaluated";
  module.failed = true;
  module.error = error;
  for (let i = 0; i < module.asyncParents.length; i++)
    rejected(module.asyncParents[i] as ModuleRecord, error);
  module.capability?.reject(error);
}
