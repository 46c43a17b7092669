import { test } from "uvu";
import * as assert from "uvu/assert";
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

test("TokenControl.audit gives the newest changes first", () => {
  const { tokens, clock } = setUp();
  for (const target of ["a", "b", "c"]) {
    clock.nowMs++;
    tokens.note({ token: "t", account: "acme", action: "deploy", target });
  }
  assert.equal(
    tokens.audit(2).map(({ target, atMs }) => [target, atMs]),
    [
      ["c", 1_003],
      ["b", 1_002],
    ],
  );
});

test.run();
