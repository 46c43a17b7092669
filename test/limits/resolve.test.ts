import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import { InvalidLimits, resolveLimits } from "../../src/limits/resolve.ts";

/** What a call throws; fails where it does not. */
function thrown(call: () => unknown): InvalidLimits {
  try {
    call();
  } catch (error) {
    return error as InvalidLimits;
  }
  throw new Error("it was accepted");
}

test("resolveLimits gives the defaults where nobody set anything", () => {
  assert.equal(resolveLimits([]), DEFAULT_LIMITS);
});

test("resolveLimits lets the most special layer win, key by key", () => {
  const limits = resolveLimits([{ cpuMs: 100, memoryMb: 64 }, { cpuMs: 20 }, { subrequests: 3 }]);
  assert.is(limits.cpuMs, 20);
  assert.is(limits.memoryMb, 64);
  assert.is(limits.subrequests, 3);
});

test("resolveLimits names every bad key with its value and range, and the ceiling where it is lower", () => {
  const error = thrown(() =>
    resolveLimits([{ cpuMs: 200, memoryMb: 1.5, wallMs: -1, typo: 3 } as Record<string, number>], {
      cpuMs: 100,
    }),
  );
  assert.instance(error, InvalidLimits);
  assert.is(error.code, "INVALID_LIMITS");
  assert.match(error.message, "limits.cpuMs is 200; it must be a whole number from 1 to 100");
  assert.match(error.message, "limits.memoryMb is 1.5; it must be a whole number from 8 to 4096");
  assert.match(error.message, "limits.wallMs is -1");
  assert.match(error.message, "limits.typo is not a limit");
});

test("resolveLimits never allows more than 30 s of CPU", () => {
  assert.match(thrown(() => resolveLimits([{ cpuMs: 300_001 }])).message, "from 1 to 300000");
});

test.run();
