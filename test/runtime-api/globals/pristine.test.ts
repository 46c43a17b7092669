import { test } from "uvu";
import * as assert from "uvu/assert";
import { keepPristine, withPristine } from "../../../runtime-api/globals/pristine.ts";

test("withPristine() shows V8's own functions while it evaluates, and the worker's again afterwards", () => {
  keepPristine();
  const { create } = Object;
  const patched = (): never => {
    throw new Error("the worker's function was called");
  };
  Object.create = patched;
  try {
    assert.is(
      withPristine(() => Object.create),
      create,
    );
    assert.is(Object.create, patched);
    assert.throws(() =>
      withPristine(() => {
        throw new Error("evaluation failed");
      }),
    );
    assert.is(Object.create, patched);
  } finally {
    Object.create = create;
  }
});

test("withPristine() deletes again what the worker had deleted", () => {
  keepPristine();
  const { apply } = Function.prototype;
  delete (Function.prototype as { apply?: unknown }).apply;
  try {
    assert.is(
      withPristine(() => Function.prototype.apply),
      apply,
    );
    assert.not("apply" in Function.prototype);
  } finally {
    Object.defineProperty(Function.prototype, "apply", { value: apply, writable: true, configurable: true });
  }
});

test("withPristine() hides what the worker has added to Object.prototype, and puts it back", () => {
  keepPristine();
  const shared = Object.prototype as { added?: boolean };
  shared.added = true;
  try {
    const seen = withPristine(() => {
      const names: string[] = [];
      for (const name in { own: 1 }) names.push(name);
      return names;
    });
    assert.equal(seen, ["own"]);
    assert.is(shared.added, true);
  } finally {
    delete shared.added;
  }
});

test.run();
