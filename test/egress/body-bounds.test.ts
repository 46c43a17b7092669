import { promisify } from "node:util";
import { brotliCompressSync, constants, gunzip, gzipSync, zstdCompressSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HeldBytes } from "../../src/egress/held-bytes.ts";
import type { EgressOptions } from "../../src/egress/egress-options.ts";
import { collectGarbage } from "../collect-garbage.ts";
import { eventually } from "../eventually.ts";
import { failure, fetchWith, httpOrigin, openEgress, rawOrigin } from "./egress-fixture.ts";

const MB = 1024 * 1024;
/** What a decoder looks back over, which it holds. Those that are layered are named by the larger one. */
const WINDOW_MB: Readonly<Record<string, number>> = { gzip: 0, br: 16, zstd: 8 };
/** Beside that: buffers that streams and decoders have of their own, and what came over the wire. */
const BUFFERS_MB = 2;
/** Where a reader stops, in MB that it got. */
const STOPS = [1, 15];
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };

const unpack = promisify(gunzip);

/** Bytes outside the heap that are in use. */
function inUse(): number {
  collectGarbage();
  const { arrayBuffers, external } = process.memoryUsage();
  return Math.max(arrayBuffers, external);
}

/** Reads a body without keeping it, and calls `stop` each time it got so many MB; gives how much came, and how it ended. */
async function drain(
  body: unknown,
  stops: readonly number[] = [],
  stop: () => Promise<void> = async () => {},
): Promise<readonly [bytes: number, error: string]> {
  const left = [...stops];
  let bytes = 0;
  try {
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      bytes += chunk.length;
      if (bytes < (left[0] ?? Infinity) * MB) continue;
      left.shift();
      await stop();
    }
    return [bytes, ""];
  } catch (error) {
    return [bytes, String((error as Error).message)];
  }
}

test("Egress.fetch() bounds a body by its limit, with and without a length", async () => {
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/length") response.setHeader("content-length", 300_000);
    response.write(Buffer.alloc(100_000));
    response.write(Buffer.alloc(100_000));
    if (request.url !== "/endless") response.end(Buffer.alloc(100_000));
    else response.on("drain", () => response.write(Buffer.alloc(100_000)));
  });
  await using egress = openEgress();
  for (const path of ["/length", "/chunked", "/endless"]) {
    const answer = await fetchWith(egress, origin.url + path, { maxResponseBytes: 250_000 });
    const [bytes, error] = await drain(answer.body);
    assert.match(error, "larger than the 250000 bytes that it may have", path);
    assert.ok(bytes <= 250_000, path);
  }
  const whole = await fetchWith(egress, `${origin.url}/chunked`, { maxResponseBytes: 300_000 });
  assert.equal(await drain(whole.body), [300_000, ""]);
  await eventually(() => [...origin.sockets].length <= 1, "connections that were cut are closed");
});

test("Egress.fetch() stops a bomb by what it becomes, in every coding and in layers, and holds little of it", async () => {
  const zeros = Buffer.alloc(100 * MB);
  const bombs: Record<string, Buffer> = {
    gzip: gzipSync(zeros),
    br: brotliCompressSync(zeros, FAST),
    zstd: zstdCompressSync(zeros),
  };
  const packed = gzipSync(Buffer.alloc(16 * MB));
  bombs["gzip, gzip"] = gzipSync(bombs["gzip"]!);
  bombs["br, gzip"] = gzipSync(bombs["br"]!);
  await using origin = await httpOrigin((request, response) => {
    const coding = decodeURIComponent(request.url!.slice(1));
    response.writeHead(200, { "content-encoding": coding }).end(bombs[coding]);
  });
  await using egress = openEgress({ freeExpansionBytes: 16 * MB });
  for (const coding of Object.keys(bombs)) {
    const before = inUse();
    const answer = await fetchWith(egress, `${origin.url}/${encodeURIComponent(coding)}`);
    const mostMb = WINDOW_MB[coding.split(",")[0]!]! + BUFFERS_MB;
    // Garbage is not held: it goes when it is collected, however late that is.
    const holdsLittle = (): Promise<void> =>
      eventually(() => inUse() - before <= mostMb * MB, `${coding} holds no more than ${mostMb} MB`);
    let stops = 0;
    const [bytes, error] = await drain(answer.body, STOPS, async () => {
      stops++;
      // A decoder that nothing holds back gives out a lot meanwhile.
      for (let i = 0; i < 2; i++) await unpack(packed);
      await holdsLittle();
    });
    assert.match(error, "out of all proportion", coding);
    assert.is(stops, STOPS.length, coding);
    assert.ok(bytes <= 16 * MB + 256 * bombs[coding]!.length, `${coding} ${bytes}`);
  }
  const limited = await fetchWith(egress, `${origin.url}/gzip`, { maxResponseBytes: MB });
  assert.match((await drain(limited.body))[1], "larger than the 1048576 bytes");
});

test("Egress.fetch() decodes what packs well but honestly", async () => {
  const text = JSON.stringify(
    Array.from({ length: 300_000 }, (_, id) => ({ id, name: `row ${id}`, on: true })),
  );
  await using origin = await httpOrigin((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
  });
  await using egress = openEgress();
  assert.equal(await drain((await fetchWith(egress, `${origin.url}/`)).body), [text.length, ""]);
});

test("Egress.fetch() bounds what one account has the host hold of bodies, and counts it back", async () => {
  const packed = brotliCompressSync(
    Buffer.from(Array.from({ length: 4 * MB }, (_, i) => (i * i) % 251)),
    FAST,
  );
  await using origin = await httpOrigin((_request, response) => {
    response.writeHead(200, { "content-encoding": "br" }).end(packed);
  });
  await using egress = openEgress({ heldBytesPerAccount: 6 * MB, freeExpansionBytes: 1024 * MB });
  const open = async (account: string): Promise<ReadableStreamDefaultReader<Uint8Array>> =>
    ((await fetchWith(egress, `${origin.url}/`, { account })).body as ReadableStream<Uint8Array>).getReader();
  const readTo = async (reader: ReadableStreamDefaultReader<Uint8Array>, bytes: number): Promise<void> => {
    for (let got = 0; got < bytes;) got += (await reader.read()).value?.length ?? Infinity;
  };
  const first = await open("a");
  await readTo(first, 3.5 * MB);
  const second = await open("a");
  assert.match(await failure(readTo(second, 3.5 * MB)), "too many responses are held");
  await readTo(await open("b"), 3.5 * MB);
  await first.cancel();
  // What it held is free by and by.
  const third = async (): Promise<string> =>
    await readTo(await open("a"), 3.5 * MB).then(
      () => "read",
      (error: Error) => error.message,
    );
  let said = await third();
  for (let i = 0; i < 100 && said.includes("too many responses are held"); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    said = await third();
  }
  assert.is(said, "read");
});

test("Egress.fetch() counts a body that is checked as held", async () => {
  await using origin = await httpOrigin((_request, response) => void response.end(Buffer.alloc(2 * MB)));
  await using egress = openEgress({ heldBytesPerAccount: MB });
  const integrity = `sha256-${"A".repeat(43)}=`;
  assert.match(
    await failure(fetchWith(egress, `${origin.url}/`, { integrity })),
    "too many responses are held",
  );
  await eventually(() => origin.sockets.size === 0, "the connection is closed");
});

test("HeldBytes counts within its own bound and that of all", () => {
  const all = new HeldBytes(10, null);
  const [a, b] = [new HeldBytes(8, all), new HeldBytes(8, all)];
  a.take(8);
  assert.throws(() => a.take(1));
  assert.throws(() => b.take(3));
  assert.is(b.bytes, 0);
  b.take(2);
  a.give(8);
  assert.is(all.bytes, 2);
});

/**
 * What an origin may do to hold a fetch, the time that ends it, and what it ends with. The other times are wide: a
 * machine may stand still for seconds.
 */
const SLOW: readonly (readonly [
  what: string,
  head: string,
  drip: string,
  times: EgressOptions,
  error: RegExp,
])[] = [
  ["a head byte by byte", "HTTP/1.1 200 OK\r\nx: ", "a", { headersTimeoutMs: 400 }, /did not answer in time/],
  [
    "1xx answers for ever",
    "",
    "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n",
    { headersTimeoutMs: 400 },
    /1xx|did not answer in time/,
  ],
  [
    "a body byte by byte",
    "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n",
    "a",
    { totalTimeoutMs: 1_200 },
    /took too long in all/,
  ],
  [
    "a chunk's extension",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;",
    "a",
    { bodyIdleMs: 400, totalTimeoutMs: 1_200 },
    /took too long in all|stopped sending/,
  ],
  [
    "a silent body",
    "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
    "",
    { bodyIdleMs: 400 },
    /stopped sending/,
  ],
];

for (const [what, head, drip, times, error] of SLOW) {
  test(`Egress.fetch() ends in time where an origin sends ${what}, and closes the connection`, async () => {
    await using origin = await rawOrigin((socket) => {
      // Nothing drips before the head: a request may come long after its connection.
      socket.once("data", () => {
        socket.write(head);
        const timer = setInterval(() => void (drip !== "" && socket.write(drip)), 20);
        socket.on("close", () => clearInterval(timer));
      });
    });
    await using egress = openEgress(times);
    const fetched = fetchWith(egress, `${origin.url}/`).then((answer) => answer.text());
    const said = await failure(fetched);
    assert.match(said, error, said);
    await eventually(() => origin.sockets.size === 0, "closed");
  });
}

test("Egress.fetch() ends a chain of redirects when its time is over", async () => {
  await using origin = await httpOrigin((_request, response) => {
    setTimeout(() => response.writeHead(302, { location: "/again" }).end(), 100);
  });
  await using egress = openEgress({ totalTimeoutMs: 350 });
  assert.match(await failure(fetchWith(egress, `${origin.url}/`)), /took too long in all/);
});

test("Egress.fetch() refuses endless trailers, and a reset in the middle of a body", async () => {
  await using origin = await rawOrigin((socket) => {
    socket.once("data", (data) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      if (data.toString().startsWith("GET /reset")) {
        socket.write("5\r\nhello\r\n", () => setTimeout(() => socket.resetAndDestroy(), 20));
        return;
      }
      socket.write("0\r\n");
      const more = (): void => {
        while (!socket.destroyed && socket.write(`x-trailer: ${"a".repeat(1_000)}\r\n`));
      };
      socket.on("drain", more);
      more();
    });
  });
  await using egress = openEgress();
  for (const path of ["/trailers", "/reset"]) {
    const end = fetchWith(egress, origin.url + path).then((answer) => answer.text());
    assert.match(await failure(end), /too large|Network connection lost/, path);
  }
  await eventually(() => origin.sockets.size === 0, "closed");
});

test("Egress.connect() bounds the body of a server that refuses", async () => {
  await using origin = await httpOrigin(
    (_request, response) => void response.writeHead(403).end(Buffer.alloc(500_000)),
  );
  await using egress = openEgress();
  let body: ReadableStream<Uint8Array> | null = null;
  await egress.connect([`ws://127.0.0.1:${origin.port}/`, "", false], {
    account: "a",
    signal: new AbortController().signal,
    limits: { socketMessageBytes: 1_000, egressResponseBytes: 200_000 },
    openStream: (source) => ((body = source), 2),
    openSocket: () => 4,
    readBody: () => null,
  });
  const [bytes, error] = await drain(body);
  assert.match(error, "larger than the 200000 bytes");
  assert.ok(bytes <= 200_000);
  await eventually(() => origin.sockets.size === 0, "closed");
});

test.run();
