import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../../runtime-api/clone/dom-exception.ts";
import { structuredClone as ownClone } from "../../../runtime-api/clone/structured-clone.ts";
import { QuotaExceededError as OwnQuota } from "../../../runtime-api/dom-exception/quota-exceeded-error.ts";
import {
  completeDOMException,
  DOMException as Own,
  isDOMException,
} from "../../../runtime-api/dom-exception/dom-exception.ts";

test("completeDOMException() is what the first exception calls: shape and constants are there with it", () => {
  assert.not.ok(Object.hasOwn(Own, "ABORT_ERR"));
  const { prototype } = Object.getPrototypeOf(new Own()).constructor as { prototype: object };
  assert.is((prototype as { ABORT_ERR?: number }).ABORT_ERR, 20);
  assert.ok(Object.keys(prototype).includes("message"));
  completeDOMException();
});

test("DOMException has name, message and code, and is a native error with a stack", () => {
  const error = new Own("why", "AbortError");
  assert.is(error.name, "AbortError");
  assert.is(error.message, "why");
  assert.is(error.code, 20);
  assert.ok(error instanceof Error);
  assert.ok((Error as unknown as { isError(value: unknown): boolean }).isError(error));
  assert.match(error.stack, /^AbortError: why\n.*dom-exception\.test/);
  assert.is(String(error), "AbortError: why");
  assert.is(Object.hasOwn(error, "message"), false);
  assert.is(new Own("x", "toString").code, 0);
  assert.is(new Own().name, "Error");
  assert.is((new Own("m", { name: "DataCloneError", cause: 1 } as never) as unknown as Error).cause, 1);
});

test("DOMException carries the legacy constants, which cannot be written", () => {
  for (const key of Object.getOwnPropertyNames(DOMException)) {
    if (!key.endsWith("_ERR")) continue;
    const own = Object.getOwnPropertyDescriptor(Own, key);
    assert.equal(own, Object.getOwnPropertyDescriptor(DOMException, key), key);
    assert.equal(Object.getOwnPropertyDescriptor(Own.prototype, key), own, key);
  }
});

test("DOMException's constants come in the order of their codes", () => {
  const values = Object.entries(Own as unknown as Record<string, number>).map(([, value]) => value);
  assert.equal(
    values,
    Array.from({ length: 25 }, (_, index) => index + 1),
  );
});

test("isDOMException() asks for the brand", () => {
  assert.ok(isDOMException(new Own()));
  assert.not.ok(isDOMException(Object.create(Own.prototype)));
  class Derived extends Own {}
  assert.ok(new Derived() instanceof Derived);
});

test("QuotaExceededError is a DOMException that tells of the quota, and can be cloned", () => {
  const error = new OwnQuota("too much", { quota: 3, requested: 5 });
  assert.equal(
    [error.name, error.code, error.quota, error.requested, error.message],
    ["QuotaExceededError", 22, 3, 5, "too much"],
  );
  assert.ok(error instanceof OwnQuota && (error as object) instanceof Error);
  assert.equal([new OwnQuota().quota, new OwnQuota().requested], [null, null]);
  for (const options of [{ quota: -1 }, { requested: -1 }, { quota: 2, requested: 1 }])
    assert.throws(
      () => new OwnQuota("", options),
      (thrown: unknown) => thrown instanceof RangeError,
    );
  assert.throws(
    () => new OwnQuota("", { quota: Number.NaN }),
    (thrown: unknown) => thrown instanceof TypeError,
  );
  const copy = ownClone(error);
  assert.ok(copy instanceof OwnQuota);
  assert.equal([copy.quota, copy.requested, copy.message], [3, 5, "too much"]);
});

test.run();
