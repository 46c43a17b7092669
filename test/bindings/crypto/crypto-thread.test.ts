import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CryptoThread, type CryptoWork } from "../../../src/bindings/crypto/crypto-thread.ts";

function make(thread: CryptoThread): CryptoWork & { type: "run" } {
  return {
    type: "run",
    method: "generateKey",
    args: [{ name: "HMAC", hash: "SHA-256" }, true, ["sign"]],
    handles: [thread.newHandle(), thread.newHandle()],
  };
}

function sign(handle: number): CryptoWork {
  return {
    type: "run",
    method: "sign",
    args: [{ name: "HMAC" }, { handle }, new Uint8Array(1)],
    handles: [0, 0],
  };
}

test("CryptoThread keeps keys under handles until they are freed", async () => {
  const thread = new CryptoThread();
  const work = make(thread);
  const made = await thread.run(work, []);
  assert.ok(made.ok && "keys" in made && made.keys.length === 1);
  assert.ok((await thread.run(sign(work.handles[0]), [])).ok);
  thread.free([work.handles[0]]);
  assert.equal(await thread.run(sign(work.handles[0]), []), {
    ok: false,
    name: "OperationError",
    message: "The key does not exist any more.",
  });
  await thread.close();
});

test("CryptoThread loses its keys when it dies, and starts again", async () => {
  const thread = new CryptoThread();
  const work = make(thread);
  await thread.run(work, []);
  const slow: CryptoWork = {
    ...make(thread),
    args: [
      { name: "RSA-PSS", hash: "SHA-256", modulusLength: 4_096, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ["sign"],
    ],
  };
  const lost = thread.run(slow, []).then(
    () => "done",
    (error: unknown) => (error as Error).message,
  );
  await thread.kill();
  assert.match(await lost, /was lost/);
  const gone = await thread.run(sign(work.handles[0]), []);
  assert.match(gone.ok ? "" : gone.message, /does not exist any more/);
  const again = make(thread);
  await thread.run(again, []);
  assert.ok((await thread.run(sign(again.handles[0]), [])).ok);
  await thread.close();
});

test("CryptoThread.close fails what is under way, and ends no process in which keys are made", async () => {
  const thread = new CryptoThread();
  await thread.run(make(thread), []);
  const lost = thread.run(make(thread), []).then(
    () => "done",
    (error: unknown) => (error as Error).message,
  );
  const closed = thread.close();
  assert.match(await lost, /closing/);
  await closed;
  const program = new URL("./fixtures/close-while-making-keys.ts", import.meta.url).pathname;
  const { stdout, signal, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  assert.equal([stdout, signal], ["closed", null], stderr);
});

test("CryptoThread tells errors that are not Web Crypto's by no more than their name", async () => {
  const thread = new CryptoThread();
  const result = await thread.run({ ...make(thread), method: "importKey", args: ["jwk", "{"] }, []);
  assert.equal(result, { ok: false, name: "OperationError", message: "The operation failed." });
  await thread.close();
});

test.run();
