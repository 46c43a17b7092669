import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Bytes, KvStore } from "../../src/storage/kv-store.ts";

/** A store on a clock that the test moves. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: KvStore;
  nowMs: number;
}

const START = 1_700_000_000_000;

function bytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function text(value: Bytes | null | undefined): string | null {
  return value === null || value === undefined ? null : new TextDecoder().decode(value);
}

async function names(
  store: KvStore,
  ns: number,
  options: { prefix?: string; after?: string; limit?: number } = {},
): Promise<string[]> {
  const page = await store.list(ns, {
    limit: options.limit ?? 1_000,
    ...(options.prefix === undefined ? {} : { prefix: bytes(options.prefix) }),
    ...(options.after === undefined ? {} : { after: bytes(options.after) }),
  });
  return page.keys.map(({ key }) => text(key) ?? "");
}

async function collect(pieces: AsyncIterable<Bytes> | undefined): Promise<Bytes[]> {
  const all: Bytes[] = [];
  for await (const piece of pieces ?? []) all.push(piece);
  return all;
}

function pattern(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed + (i >> 8)) & 0xff);
}

/** What every driver of `KvStore` promises. Registers uvu tests. */
export function kvConformance(driver: string, make: (startMs: number) => Promise<StoreUnderTest>): void {
  const promise = (title: string, body: (store: KvStore, engine: StoreUnderTest) => Promise<void>): void => {
    test(`${driver}: ${title}`, async () => {
      await using engine = await make(START);
      await body(engine.store, engine);
    });
  };

  promise("get answers null for an absent key and an absent namespace", async (store) => {
    assert.is(await store.get(1, bytes("a")), null);
    await store.put(1, bytes("b"), bytes("x"));
    assert.is(await store.get(1, bytes("a")), null);
    assert.equal(await store.list(2, { limit: 10 }), { keys: [], more: false });
  });

  promise("get answers what put stored, byte by byte", async (store) => {
    const value = Uint8Array.from({ length: 256 }, (_, i) => i);
    const rev = await store.put(1, Uint8Array.of(0, 10, 255), value, {
      meta: bytes("m"),
      expires: START + 5,
    });
    const entry = await store.get(1, Uint8Array.of(0, 10, 255));
    if (entry === null) throw new Error("no entry");
    assert.equal(entry.value, value);
    assert.is(entry.value.constructor, Uint8Array);
    assert.is(entry.value.byteLength, entry.value.buffer.byteLength, "an exact-size array");
    assert.equal(entry.meta, bytes("m"));
    assert.is(entry.expires, START + 5);
    assert.is(entry.rev, rev);
  });

  promise("bytes may come as Node Buffers, and are the store's own once the put resolved", async (store) => {
    const [key, value, meta] = [Buffer.from("key"), Buffer.from("value"), Buffer.from("meta")];
    await store.put(1, key, value, { meta });
    const page = await store.list(1, { prefix: key, limit: 1 });
    assert.is(key.toString(), "key");
    for (const buffer of [key, value, meta]) buffer.fill(0);
    assert.equal(page.keys, [{ key: bytes("key"), meta: bytes("meta"), expires: null }]);
    const entry = await store.get(1, bytes("key"));
    assert.equal(entry?.value, bytes("value"));
    assert.equal(entry?.meta, bytes("meta"));
    entry?.value.fill(0);
    assert.equal((await store.get(1, bytes("key")))?.value, bytes("value"));
  });

  promise("empty values and empty metadata are kept apart from none", async (store) => {
    await store.put(1, bytes("a"), new Uint8Array(0), { meta: new Uint8Array(0) });
    await store.put(1, bytes("b"), new Uint8Array(0));
    const a = await store.get(1, bytes("a"));
    assert.is(a?.value.length, 0);
    assert.is(a?.meta?.length, 0);
    assert.is((await store.get(1, bytes("b")))?.meta, null);
  });

  for (const size of [65_535, 65_536, 65_537, 131_072, 1_000_001]) {
    promise(`a value of ${size} bytes comes back whole, and in pieces`, async (store) => {
      const value = pattern(size, 7);
      await store.put(1, bytes("big"), value);
      assert.ok(Buffer.compare((await store.get(1, bytes("big")))?.value ?? new Uint8Array(0), value) === 0);
      const reading = await store.read(1, bytes("big"));
      assert.is(reading?.sizeBytes, size);
      const pieces = await collect(reading?.pieces());
      assert.ok(pieces.every((piece) => piece.length <= 65_536));
      assert.ok(Buffer.compare(Buffer.concat(pieces), value) === 0);
    });
  }

  promise(
    "a reading begun goes on with its own value while the key is replaced and deleted",
    async (store) => {
      const old = pattern(300_000, 1);
      await store.put(1, bytes("k"), old);
      const reading = await store.read(1, bytes("k"));
      const pieces = reading?.pieces();
      const first = await pieces?.next();
      await store.put(1, bytes("k"), pattern(300_000, 2));
      await store.delete(1, bytes("k"));
      const rest = await collect(pieces);
      assert.ok(Buffer.compare(Buffer.concat([first?.value ?? new Uint8Array(0), ...rest]), old) === 0);
      assert.is(await store.get(1, bytes("k")), null);
    },
  );

  promise("a put replaces value, metadata and expiry as a whole", async (store) => {
    await store.put(1, bytes("k"), pattern(100_000, 1), { meta: bytes("m"), expires: START + 1_000 });
    await store.put(1, bytes("k"), bytes("small"));
    const entry = await store.get(1, bytes("k"));
    assert.is(text(entry?.value), "small");
    assert.is(entry?.meta, null);
    assert.is(entry?.expires, null);
  });

  promise("delete removes, and an absent key may be deleted", async (store) => {
    await store.put(1, bytes("k"), bytes("v"));
    await store.delete(1, bytes("k"));
    await store.delete(1, bytes("k"));
    await store.delete(9, bytes("k"));
    assert.is(await store.get(1, bytes("k")), null);
    assert.equal(await names(store, 1), []);
  });

  promise("an expired key is never shown, from the very millisecond on", async (store, engine) => {
    await store.put(1, bytes("a"), bytes("v"), { expires: START + 100 });
    await store.put(1, bytes("b"), bytes("v"));
    engine.nowMs = START + 99;
    assert.equal(await names(store, 1), ["a", "b"]);
    engine.nowMs = START + 100;
    assert.is(await store.get(1, bytes("a")), null);
    assert.is(await store.read(1, bytes("a")), null);
    assert.equal(await names(store, 1), ["b"]);
    assert.equal(await store.list(1, { limit: 1, prefix: bytes("a") }), { keys: [], more: false });
  });

  promise("list finds live keys behind thousands of dead ones", async (store, engine) => {
    const puts = Array.from({ length: 3_000 }, (_, i) =>
      store.put(
        1,
        bytes(`k${String(i).padStart(5, "0")}`),
        bytes(""),
        i % 1_000 === 999 ? {} : { expires: START + 1 },
      ),
    );
    await Promise.all(puts);
    engine.nowMs = START + 1;
    assert.equal(await names(store, 1), ["k00999", "k01999", "k02999"]);
    const page = await store.list(1, { limit: 2 });
    assert.equal(
      page.keys.map(({ key }) => text(key)),
      ["k00999", "k01999"],
    );
    assert.is(page.more, true);
    assert.equal(await store.list(1, { limit: 1, after: bytes("k02999") }), { keys: [], more: false });
  });

  promise(
    "rev grows with every put and is not used again after delete, expiry and drop",
    async (store, engine) => {
      const revs: bigint[] = [];
      const put = async (expires?: number): Promise<void> => {
        const rev = await store.put(1, bytes("k"), bytes("v"), expires === undefined ? {} : { expires });
        assert.is(typeof rev, "bigint");
        revs.push(rev as bigint);
      };
      await put();
      await put();
      await store.delete(1, bytes("k"));
      await put(START + 5);
      engine.nowMs = START + 10;
      await put();
      await store.drop(1);
      await put();
      assert.equal(
        revs,
        [...new Set(revs)].sort((a, b) => (a < b ? -1 : 1)),
      );
    },
  );

  promise("ifRev puts only on the rev that it names", async (store) => {
    const first = await store.put(1, bytes("k"), bytes("1"), { ifRev: 0n });
    assert.is(typeof first, "bigint");
    assert.is(await store.put(1, bytes("k"), bytes("2"), { ifRev: 0n }), "conflict");
    const second = await store.put(1, bytes("k"), bytes("2"), { ifRev: first as bigint });
    assert.is(typeof second, "bigint");
    assert.is(await store.put(1, bytes("k"), bytes("3"), { ifRev: first as bigint }), "conflict");
    assert.is(await store.put(1, bytes("k"), bytes("3"), { ifRev: 2n ** 80n }), "conflict");
    assert.is(text((await store.get(1, bytes("k")))?.value), "2");
  });

  promise("ifRev 0 takes an expired key for absent", async (store, engine) => {
    const old = await store.put(1, bytes("k"), bytes("1"), { expires: START + 1 });
    engine.nowMs = START + 1;
    assert.is(await store.put(1, bytes("k"), bytes("2"), { ifRev: old as bigint }), "conflict");
    assert.is(typeof (await store.put(1, bytes("k"), bytes("2"), { ifRev: 0n })), "bigint");
  });

  promise("ifRev lets one of many concurrent writers through", async (store) => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, i) => store.put(1, bytes("k"), bytes(String(i)), { ifRev: 0n })),
    );
    assert.is(results.filter((result) => result !== "conflict").length, 1);
  });

  promise("list is in memcmp order, with prefix and after", async (store) => {
    const keys = ["", "\0", "a", "a\0", "aa", "ab", "b", "é", "\uffff", "\u{10000}"];
    for (const key of [...keys].reverse()) await store.put(1, bytes(key), bytes("v"));
    assert.equal(await names(store, 1), keys);
    assert.equal(await names(store, 1, { prefix: "a" }), ["a", "a\0", "aa", "ab"]);
    assert.equal(await names(store, 1, { prefix: "a", after: "a" }), ["a\0", "aa", "ab"]);
    assert.equal(await names(store, 1, { prefix: "b", after: "a" }), ["b"]);
    assert.equal(await names(store, 1, { prefix: "a", after: "b" }), []);
    assert.equal(await names(store, 1, { after: "aab" }), ["ab", "b", "é", "\uffff", "\u{10000}"]);
  });

  promise("list with a prefix of 0xff bytes ends where the keys end", async (store) => {
    for (const key of [[0xfe], [0xff], [0xff, 0xff], [0xff, 0xff, 1]])
      await store.put(1, Uint8Array.from(key), bytes("v"));
    const list = async (...prefix: number[]): Promise<number> =>
      (await store.list(1, { prefix: Uint8Array.from(prefix), limit: 10 })).keys.length;
    assert.is(await list(0xff), 3);
    assert.is(await list(0xff, 0xff), 2);
    assert.is(await list(0xfe), 1);
  });

  promise("list pages have no gap and no double while keys come and go", async (store) => {
    const key = (i: number): Bytes => bytes(`k${String(i).padStart(4, "0")}`);
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.put(1, key(i * 2), bytes("v"))));
    const seen: string[] = [];
    let after: Bytes | undefined;
    for (let page = 0; ; page++) {
      const result = await store.list(1, { limit: 7, ...(after === undefined ? {} : { after }) });
      seen.push(...result.keys.map((entry) => text(entry.key) ?? ""));
      if (!result.more) break;
      after = result.keys.at(-1)?.key;
      // Behind the cursor one goes (its own key too), before it one comes.
      if (after !== undefined) await store.delete(1, after);
      await store.put(1, key(page * 2 + 1), bytes("v"));
    }
    const even = seen.filter((name) => Number(name.slice(1)) % 2 === 0);
    assert.equal(
      even,
      Array.from({ length: 100 }, (_, i) => text(key(i * 2))),
    );
    assert.is(new Set(seen).size, seen.length);
  });

  promise("list says more only if there is more", async (store) => {
    for (const key of ["a", "b", "c"])
      await store.put(1, bytes(key), bytes("v"), { meta: bytes(`m${key}`), expires: START + 9 });
    const page = await store.list(1, { limit: 3 });
    assert.is(page.more, false);
    assert.equal(page.keys[1], { key: bytes("b"), meta: bytes("mb"), expires: START + 9 });
    assert.is((await store.list(1, { limit: 2 })).more, true);
    assert.is((await store.list(1, { limit: 1, after: bytes("b") })).more, false);
  });

  promise("namespaces do not see each other, and drop empties one only", async (store) => {
    await store.put(1, bytes("k"), bytes("one"));
    await store.put(2, bytes("k"), bytes("two"));
    assert.is(text((await store.get(1, bytes("k")))?.value), "one");
    await store.drop(1);
    assert.is(await store.get(1, bytes("k")), null);
    assert.equal(await names(store, 1), []);
    assert.is(text((await store.get(2, bytes("k")))?.value), "two");
    await store.put(1, bytes("n"), bytes("v"));
    assert.equal(await names(store, 1), ["n"]);
  });

  promise(
    "a put that resolved is seen by the next get, among many writers of many namespaces",
    async (store) => {
      await Promise.all(
        Array.from({ length: 200 }, async (_, i) => {
          const ns = 1 + (i % 5);
          await store.put(ns, bytes(`k${i}`), bytes(`v${i}`));
          assert.is(text((await store.get(ns, bytes(`k${i}`)))?.value), `v${i}`);
        }),
      );
    },
  );

  promise("writes of one key take effect in the order of their calls", async (store) => {
    const all = Array.from({ length: 100 }, (_, i) => store.put(1, bytes("k"), bytes(String(i))));
    const gone = store.delete(1, bytes("other"));
    const last = store.put(1, bytes("other"), bytes("x"));
    await Promise.all([...all, gone, last]);
    assert.is(text((await store.get(1, bytes("k")))?.value), "99");
    assert.is(text((await store.get(1, bytes("other")))?.value), "x");
  });
}
