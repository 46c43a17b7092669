import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkHostOptions } from "../../src/config/check-options.ts";
import type { HostOptions } from "../../src/index.ts";

function problems(options: object): readonly string[] {
  try {
    checkHostOptions(options as HostOptions);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

test("storage of host and accounts takes bytes, and says what is wrong", () => {
  const good = { storage: { accountBytes: 1 }, accounts: { acme: { storage: { accountBytes: 0 } } } };
  assert.equal(problems(good), []);
  assert.equal(
    problems({
      storage: { accountBytes: -1, minFreeBytes: "1 GB" },
      accounts: { acme: { storage: { accountBytes: 1.5, minFreeBytes: 1 } }, other: { storage: 5 } },
    }).map((line) => /^"[^"]+"/.exec(line)?.[0]),
    [
      '"accounts.acme.storage.minFreeBytes"',
      '"accounts.acme.storage.accountBytes"',
      '"accounts.other.storage"',
      '"storage.accountBytes"',
      '"storage.minFreeBytes"',
    ],
  );
});

test.run();
