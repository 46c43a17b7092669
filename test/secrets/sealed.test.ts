import { test } from "uvu";
import * as assert from "uvu/assert";
import { newMasterKey } from "../../src/secrets/master-key.ts";
import { seal, unseal } from "../../src/secrets/sealed.ts";

const { bytes: KEY } = newMasterKey();

test("unseal() gives back what was sealed, whatever it is", () => {
  for (const value of ["", "a", "wörld ☃ 𝒳", "\0\n\r", "x".repeat(5_120)])
    assert.is(unseal(KEY, "about", seal(KEY, "about", value)), value);
});

test("seal() shows nothing of the value, and never the same bytes twice", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 100; i += 1) {
    const sealed = Buffer.from(seal(KEY, "about", "canary-value"));
    assert.not(sealed.includes("canary"));
    seen.add(sealed.toString("hex"));
  }
  assert.is(seen.size, 100);
});

test("unseal() refuses another key, another owner, and every changed or missing byte", () => {
  const sealed = seal(KEY, "about", "value");
  assert.throws(() => unseal(newMasterKey().bytes, "about", sealed));
  assert.throws(() => unseal(KEY, "another", sealed));
  for (let i = 0; i < sealed.length; i += 1) {
    const changed = sealed.slice();
    changed[i]! ^= 1;
    assert.throws(() => unseal(KEY, "about", changed), undefined, `byte ${i}`);
    assert.throws(() => unseal(KEY, "about", sealed.subarray(0, i)), undefined, `cut at ${i}`);
  }
});

test.run();
