import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type DataFolder, openDataFolder } from "../../src/storage/data-folder.ts";
import { FILE_ROOM, roomOf } from "../../src/storage/kv-room.ts";
import { tempFolder } from "./temp-folder.ts";

const WRITER = new URL("./fixtures/write-until-killed.ts", import.meta.url).pathname;

/** Runs the writer, kills it with SIGKILL after so many acknowledgements, and gives all of them. */
async function killAfter(path: string, round: number, acks: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, path, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  let said = "";
  let lines = 0;
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    said += chunk;
    lines += chunk.split("\n").length - 1;
    if (lines >= acks) child.kill("SIGKILL");
  }
  await gone;
  assert.is(child.signalCode, "SIGKILL", "the writer was killed, and did not end by itself");
  // What follows the last line feed is half a line.
  return said.split("\n").slice(0, -1);
}

/** What all namespaces count as is what is in them. */
async function mustBeCounted({ kv, ledger }: DataFolder): Promise<void> {
  let room = 0;
  for (const ns of [1, 2, 3]) {
    kv.assign(ns, "acme");
    // What is there is known once something is written.
    await kv.put(ns, new TextEncoder().encode("last"), new Uint8Array(1));
    room += FILE_ROOM;
    const { keys, more } = await kv.list(ns, { limit: 100_000 });
    assert.not(more);
    for (const { key } of keys) room += roomOf(key.length + (await kv.read(ns, key))!.sizeBytes);
  }
  assert.is(ledger.useOf("acme").kvBytes, room);
}

test("openDataFolder after kill -9 under load finds every acknowledged write, whole and counted", async () => {
  using folder = tempFolder();
  const acked: string[] = [];
  for (const [round, acks] of [5, 150, 400, 900].entries()) {
    acked.push(...(await killAfter(folder.path, round, acks)));
    const expected = new Map<
      string,
      { ns: number; key: string; size: number; fill: number; deleted: boolean }
    >();
    for (const line of acked) {
      const [verb, ns, key = "", size, fill] = line.split(" ");
      expected.set(key, {
        ns: Number(ns),
        key,
        size: Number(size),
        fill: Number(fill),
        deleted: verb === "delete",
      });
    }
    assert.ok(expected.size >= acks / 2);
    await using data = openDataFolder(folder.path);
    for (const { ns, key, size, fill, deleted } of expected.values()) {
      const entry = await data.kv.get(ns, new TextEncoder().encode(key));
      // A delete that was under way when the writer died may have happened without its line.
      if (entry === null) {
        assert.ok(deleted || Number(key.split("-")[2]) % 7 === 6, `${key} is lost`);
        continue;
      }
      assert.not(deleted, `${key} is back`);
      assert.is(entry.value.length, size);
      assert.ok(
        entry.value.every((byte) => byte === fill),
        `${key} is torn`,
      );
    }
    await mustBeCounted(data);
  }
});

test.run();
