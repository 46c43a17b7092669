import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { KeyRing } from "../../src/secrets/key-ring.ts";
import { keyText, newMasterKey, parseKeys } from "../../src/secrets/master-key.ts";
import { SkerryError } from "../../src/errors/skerry-error.ts";
import { tempFolder } from "../storage/temp-folder.ts";

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, SkerryError);
    return (error as SkerryError).code;
  }
  return "none";
}

test("parseKeys() takes base64, base64url and hexadecimal, with comments, in their order", () => {
  const keys = [newMasterKey(), newMasterKey(), newMasterKey()];
  const [a, b, c] = keys.map(({ bytes }) => Buffer.from(bytes));
  const text = `# first\n${a!.toString("base64")}  # now\n${b!.toString("hex")}, ${c!.toString("base64url")}\n`;
  assert.equal(
    parseKeys(text, "x").map(({ id }) => id),
    keys.map(({ id }) => id),
  );
});

test("parseKeys() says which key is none, and shows nothing of it", () => {
  for (const bad of ["short", "canary".repeat(8), `${"A".repeat(42)}=`, "zz".repeat(32)]) {
    const text = `${keyText(newMasterKey())}\n${bad}`;
    assert.is(
      codeOf(() => parseKeys(text, "the file")),
      "INVALID_SECRETS_KEY",
    );
    assert.throws(() => parseKeys(text, "the file"), /^(?!.*(canary|short|zz)).*key 2 in the file is no key/);
  }
});

test("KeyRing makes a key file when it first needs one, for its owner only", () => {
  using folder = tempFolder();
  const file = join(folder.path, "secrets.key");
  const ring = new KeyRing({ environment: null, file });
  assert.not(existsSync(file));
  const key = ring.current([]);
  assert.is(statSync(file).mode & 0o777, 0o600);
  const again = new KeyRing({ environment: null, file });
  assert.is(again.current([key.id]).id, key.id);
  assert.is(again.find(key.id)?.id, key.id);
  assert.is(again.find("0000"), undefined);
});

test("KeyRing makes no new key where secrets need one that is gone", () => {
  using folder = tempFolder();
  const file = join(folder.path, "secrets.key");
  assert.is(
    codeOf(() => new KeyRing({ environment: null, file }).current(["lost"])),
    "SECRETS_KEY_MISSING",
  );
  assert.not(existsSync(file));
});

test("KeyRing.renew() puts a new key first, and keeps the others", () => {
  using folder = tempFolder();
  const file = join(folder.path, "secrets.key");
  const ring = new KeyRing({ environment: null, file });
  const old = ring.current([]);
  const fresh = ring.renew();
  assert.is.not(fresh.id, old.id);
  assert.is(ring.current([]).id, fresh.id);
  assert.equal(
    parseKeys(readFileSync(file, "utf8"), file).map(({ id }) => id),
    [fresh.id, old.id],
  );
  assert.is(statSync(file).mode & 0o777, 0o600);
});

test("KeyRing encrypts with the environment's first key, and decrypts with all others too", () => {
  using folder = tempFolder();
  const file = join(folder.path, "secrets.key");
  const old = new KeyRing({ environment: null, file }).current([]);
  const [first, second] = [newMasterKey(), newMasterKey()];
  const ring = new KeyRing({ environment: `${keyText(first)} ${keyText(second)}`, file });
  assert.is(ring.current([old.id]).id, first.id);
  assert.is(ring.renew().id, first.id);
  for (const { id } of [first, second, old]) assert.is(ring.find(id)?.id, id);
});

test("KeyRing finds a key that was put into the file later", () => {
  using folder = tempFolder();
  const file = join(folder.path, "secrets.key");
  const ring = new KeyRing({ environment: null, file });
  ring.current([]);
  const late = newMasterKey();
  writeFileSync(file, `${readFileSync(file, "utf8")}${keyText(late)}\n`);
  assert.is(ring.find(late.id)?.id, late.id);
});

test("KeyRing refuses a file that is malformed, or open to everybody", () => {
  using folder = tempFolder();
  const file = join(folder.path, "secrets.key");
  writeFileSync(file, "hello", { mode: 0o600 });
  assert.is(
    codeOf(() => new KeyRing({ environment: null, file })),
    "INVALID_SECRETS_KEY",
  );
  writeFileSync(file, keyText(newMasterKey()));
  chmodSync(file, 0o644);
  assert.is(
    codeOf(() => new KeyRing({ environment: null, file })),
    "INVALID_SECRETS_KEY",
  );
  assert.is(
    codeOf(() => new KeyRing({ environment: null, file: folder.path })),
    "INVALID_SECRETS_KEY",
  );
});

test.run();
