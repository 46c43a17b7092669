import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AuditFilter } from "../../src/control/audit-filter.ts";
import { createTokenControl, allows } from "../../src/control/token-control.ts";
import { SqliteControl } from "../../src/storage/sqlite-control.ts";

function setUp(): { tokens: ReturnType<typeof createTokenControl>; clock: { nowMs: number } } {
  const clock = { nowMs: 1_000 };
  const { tokens } = new SqliteControl(":memory:");
  const control = createTokenControl(tokens, { now: () => clock.nowMs, monotonicMs: () => clock.nowMs });
  return { tokens: control, clock };
}

test("TokenControl.verify knows a token by its text only, inForce by its id, until it is revoked or expires", () => {
  const { tokens, clock } = setUp();
  const { token, info } = tokens.create({ name: "ci", accounts: ["acme"], expiresAtMs: 2_000 });
  const forever = tokens.create({ name: "root", accounts: ["*"], permissions: ["admin"] });
  assert.match(token, /^skerry_[\w-]{43}$/);
  assert.is(tokens.verify(token)?.id, info.id);
  assert.is(tokens.verify(`${token}x`), null);
  assert.is(tokens.verify(""), null);
  assert.is(tokens.inForce(info.id)?.id, info.id);
  assert.is(tokens.inForce(token), null);
  clock.nowMs = 2_000;
  assert.is(tokens.verify(token), null);
  assert.is(tokens.inForce(info.id), null);
  assert.is(tokens.revoke(forever.info.id), true);
  assert.is(tokens.revoke(forever.info.id), false);
  assert.is(tokens.verify(forever.token), null);
  assert.is(tokens.inForce(forever.info.id), null);
  assert.not.match(JSON.stringify(tokens.list()), token);
});

test("allows opens the accounts and permissions of a token, and no others", () => {
  const { tokens } = setUp();
  const ci = tokens.create({ name: "ci", accounts: ["acme"], permissions: ["deploy"] }).info;
  const root = tokens.create({ name: "root", accounts: ["*"], permissions: ["admin"] }).info;
  assert.equal(
    [
      allows(ci, "acme", "deploy"),
      allows(ci, "acme", "secrets"),
      allows(ci, "evil", "deploy"),
      allows(ci, "acme", "admin"),
    ],
    [true, false, false, false],
  );
  assert.ok(allows(root, "any", "secrets"));
});

test("TokenControl.create refuses a wrong request and names all that is wrong", () => {
  const { tokens } = setUp();
  const wrong = { name: "", accounts: ["A b"], permissions: ["fly" as never], expiresAtMs: 5 };
  assert.throws(
    () => tokens.create(wrong),
    /name is "".*accounts has "A b".*permissions has "fly".*expiresAtMs is 5/,
  );
  assert.throws(() => tokens.create({ name: "x", accounts: [] }), /accounts is \[\]; it must be a list/);
  for (const permissions of ["deploy", { length: 1 }, 5, null, [null], [["read"]]])
    assert.throws(
      () => tokens.create({ name: "x", accounts: ["a"], permissions: permissions as never }),
      /permissions (?:is|has) .*one of read, deploy/,
    );
  assert.equal(tokens.list(), []);
});

test("TokenControl.audit gives the newest notes first, of an account, of a time, and so many", () => {
  const { tokens, clock } = setUp();
  const { id } = tokens.create({ name: "ci", accounts: ["acme"] }).info;
  for (const [account, target] of [
    ["acme", "a"],
    ["evil", "b"],
    ["*", "c"],
    ["acme", "d"],
  ] as const) {
    clock.nowMs++;
    tokens.note({ token: account === "acme" ? id : "other", account, action: "deploy", target });
  }
  const found = (filter?: AuditFilter): string =>
    tokens
      .audit(filter)
      .map(({ target }) => target)
      .join("");
  assert.is(found(), "dcba");
  assert.is(found({ limit: 2 }), "dc");
  assert.is(found({ account: "acme" }), "dca");
  assert.is(found({ account: "acme", limit: 1, sinceMs: 1_002 }), "d");
  assert.is(found({ sinceMs: 1_003 }), "dc");
  assert.is(found({ sinceMs: 1_005 }), "");
  assert.is(found({ account: "nobody" }), "c");
  const [newest, , second] = tokens.audit();
  assert.equal(newest, {
    atMs: 1_004,
    token: id,
    tokenName: "ci",
    account: "acme",
    action: "deploy",
    target: "d",
  });
  assert.equal([second!.token, second!.tokenName], ["other", null]);
  assert.throws(
    () => tokens.audit({ account: "A b", sinceMs: 0.5, limit: 0 }),
    /account is "A b".*sinceMs is 0\.5.*limit is 0; it must be a whole number from 1 to 10000/,
  );
  for (const wrong of [{ limit: 10_001 }, { limit: "5" }, { sinceMs: Number.NaN }, { account: {} }])
    assert.throws(
      () => tokens.audit(wrong as AuditFilter),
      (error: { code?: string }) => error.code === "INVALID_AUDIT_FILTER",
    );
});

test("TokenControl.note forgets the oldest notes of an account that does much, and none of another", () => {
  const { tokens } = setUp();
  const note = (account: string, target: string): void =>
    tokens.note({ token: "t", account, action: "deploy", target });
  note("quiet", "first");
  for (let n = 0; n < 10_050; n++) note("busy", String(n));
  const busy = tokens.audit({ account: "busy", limit: 10_000 });
  assert.equal([busy.length, busy[0]!.target, busy.at(-1)!.target], [10_000, "10049", "50"]);
  note("quiet", "second");
  const quiet = tokens.audit({ account: "quiet" }).map(({ target }) => target);
  assert.equal(quiet, ["second", "first"]);
});

test.run();
