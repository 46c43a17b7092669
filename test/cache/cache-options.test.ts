import { test } from "uvu";
import * as assert from "uvu/assert";
import { cacheBounds } from "../../src/cache/cache-options.ts";

test("cacheBounds takes the account's bounds before the host's before the defaults", () => {
  assert.equal(cacheBounds(true, { accountBytes: 10, totalBytes: 20 }, { accountBytes: 5 }), {
    objectBytes: 512 * 1024 ** 2,
    accountBytes: 5,
    accountEntries: 100_000,
    totalBytes: 20,
  });
  assert.ok(
    cacheBounds(false).accountBytes < cacheBounds(true).accountBytes,
    "memory is scarcer than a disk",
  );
});

test.run();
