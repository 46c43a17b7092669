import { test } from "uvu";
import * as assert from "uvu/assert";
import { Readable } from "node:stream";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  constants,
  zstdCompressSync,
} from "node:zlib";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { eventually } from "../eventually.ts";
import { echo, failure, fetchWith, httpOrigin, openEgress, rawOrigin, readAll } from "./egress-fixture.ts";
import type { OutboundBody } from "../../src/egress/outbound-request.ts";

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  raw: string[];
  body: string;
}

test("Egress.fetch() sends a request and brings back its answer, small bodies whole", async () => {
  await using origin = await httpOrigin((_request, response) => {
    response
      .writeHead(201, "Made", ["X-One", "1", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "X-Wide", "\xe4"])
      .end("hello");
  });
  await using egress = openEgress();
  const answer = await fetchWith(egress, `${origin.url}/a?b=c#d`);
  assert.is(answer.status, 201);
  assert.is(answer.statusText, "Made");
  assert.match(answer.headers, /^x-one\n1\nset-cookie\na=1\nset-cookie\nb=2\nx-wide\n\xe4\ndate\n/);
  assert.not.match(answer.headers, /connection|keep-alive|transfer-encoding/);
  assert.is(answer.kind, BodyKind.bytes);
  const body = answer.body as Uint8Array;
  assert.is(Object.getPrototypeOf(body), Uint8Array.prototype);
  assert.is(body.buffer.byteLength, body.length);
  assert.is(await answer.text(), "hello");
  assert.is(answer.url, `${origin.url}/a?b=c`);
  assert.is(answer.redirected, false);
});

test("Egress.fetch() sends the worker's headers, but not those of the connection", async () => {
  await using origin = await httpOrigin((request, response) => void echo(request, response));
  await using egress = openEgress();
  const { headers } = JSON.parse(
    await (
      await fetchWith(egress, `${origin.url}/`, {
        headers:
          "X-A\n1\nhost\nevil.example\nconnection\nx-a\ntransfer-encoding\nchunked\ncontent-length\n99\nexpect\n100-continue\nskerry-depth\n0\ncookie\nc=d\nupgrade\nx",
      })
    ).text(),
  ) as Echo;
  assert.is(headers["x-a"], "1");
  assert.is(headers["cookie"], "c=d");
  assert.is(headers["host"], `127.0.0.1:${origin.port}`);
  assert.is(headers["skerry-depth"], "1");
  assert.is(headers["accept-encoding"], "gzip, br");
  assert.is(headers["accept"], "*/*");
  assert.is(headers["accept-language"], "*");
  assert.is(headers["user-agent"], "Skerry");
  for (const name of ["transfer-encoding", "content-length", "expect", "upgrade"])
    assert.is(headers[name], undefined, name);
});

test("Egress.fetch() refuses what no request can be", async () => {
  await using egress = openEgress();
  for (const [url, options, pattern] of [
    ["file:///etc/passwd", {}, /scheme "file:"/],
    ["nonsense", {}, /is no URL/],
    ["http://u:p@example.com/", {}, /password/],
    ["http://example.com:25/", {}, /port 25/],
    ["http://example.com/", { method: "CONNECT" }, /CONNECT/],
    ["http://example.com/", { method: "A B" }, /method/],
    ["http://example.com/", { body: "x" }, /GET request cannot have a body/],
    ["http://example.com/", { headers: "x\na\rb" }, /"x" is malformed/],
    ["http://example.com/", { headers: "x y\n1" }, /malformed/],
    ["http://example.com/", { redirect: "sideways" }, /redirect mode/],
    [`http://example.com/${"a".repeat(20_000)}`, {}, /too long/],
  ] as const) {
    const text = await failure(fetchWith(egress, url, options));
    assert.match(text, /^TypeError: Cannot fetch: /);
    assert.match(text, pattern);
  }
});

test("Egress.fetch() sends text, bytes and streams", async () => {
  await using origin = await httpOrigin((request, response) => void echo(request, response));
  await using egress = openEgress();
  const send = async (body: string | Uint8Array | ReadableStream<Uint8Array>, headers = ""): Promise<Echo> =>
    JSON.parse(await (await fetchWith(egress, `${origin.url}/`, { method: "POST", body, headers })).text());
  const text = await send("h\xe4");
  assert.equal([text.body, text.headers["content-length"]], ["h\xc3\xa4", "3"]);
  assert.is((await send(new Uint8Array([1, 2]))).body, "\x01\x02");
  const chunked = await send(new Blob(["abc"]).stream());
  assert.equal([chunked.body, chunked.headers["transfer-encoding"]], ["abc", "chunked"]);
  const fixed = await send(new Blob(["abc"]).stream(), "content-length\n3");
  assert.equal(
    [fixed.body, fixed.headers["content-length"], fixed.headers["transfer-encoding"]],
    ["abc", "3", undefined],
  );
  const lie = await failure(
    fetchWith(egress, `${origin.url}/`, {
      method: "POST",
      body: new Blob(["abc"]).stream(),
      headers: "content-length\n2",
    }),
  );
  assert.match(lie, /Content-Length|lost/);
});

test("Egress.fetch() reads the worker's stream only as fast as the origin takes it, and cancels it on failure", async () => {
  await using origin = await rawOrigin((socket) => void socket.pause());
  await using egress = openEgress();
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const abort = new AbortController();
  const answer = failure(fetchWith(egress, `${origin.url}/`, { method: "POST", body, signal: abort.signal }));
  await eventually(() => pulled > 0, "the body is read");
  // It stands still by and by: when all buffers on the way are full.
  for (let before = 0; before !== pulled;) {
    assert.ok(pulled < 5_000, "an origin that does not read stops the worker's stream");
    before = pulled;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  abort.abort();
  assert.match(await answer, /AbortError/);
  await eventually(() => cancelled, "cancelled");
  for (const socket of origin.sockets) socket.resume();
  await eventually(() => origin.sockets.size === 0, "closed");
});

test("Egress.fetch() streams a large body with backpressure", async () => {
  let written = 0;
  await using origin = await httpOrigin((_request, response) => {
    Readable.from(
      (function* () {
        for (; written < 400; written += 1) yield Buffer.alloc(65_536, "x");
      })(),
      { objectMode: false, highWaterMark: 65_536 },
    ).pipe(response);
  });
  await using egress = openEgress();
  const answer = await fetchWith(egress, `${origin.url}/`);
  assert.is(answer.kind, BodyKind.stream);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(written < 400, "the origin could send everything though nobody read");
  let size = 0;
  for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
    assert.is(chunk.buffer.byteLength, chunk.length);
    size += chunk.length;
  }
  assert.is(size, 400 * 65_536);
});

test("Egress.fetch() gives a head before its body, and ends the connection when the body is cancelled", async () => {
  await using origin = await httpOrigin((_request, response) => {
    response.write("data: 1\n\n");
  });
  await using egress = openEgress();
  const answer = await fetchWith(egress, `${origin.url}/`);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  assert.is(new TextDecoder().decode((await reader.read()).value), "data: 1\n\n");
  await reader.cancel();
  await eventually(() => origin.sockets.size === 0, "closed");
});

test("Egress.fetch() ends when its signal aborts, before and after the head", async () => {
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/head") response.write("x".repeat(100_000));
  });
  await using egress = openEgress();
  const before = new AbortController();
  const waiting = failure(fetchWith(egress, `${origin.url}/`, { signal: before.signal }));
  await eventually(() => origin.sockets.size === 1, "connected");
  before.abort();
  assert.match(await waiting, /AbortError/);
  await eventually(() => origin.sockets.size === 0, "closed");
  const after = new AbortController();
  const answer = await fetchWith(egress, `${origin.url}/head`, { signal: after.signal });
  after.abort();
  assert.match(await failure(answer.text()), /AbortError/);
  await eventually(() => origin.sockets.size === 0, "closed");
});

test("Egress.fetch() decodes what is coded, and names the coding only where the host can apply it again", async () => {
  const text = "hello ".repeat(50_000);
  const codings: Record<string, Buffer> = {
    gzip: gzipSync(text),
    br: brotliCompressSync(text),
    zstd: zstdCompressSync(text),
    deflate: deflateSync(text),
    "x-gzip": gzipSync(text),
    "deflate ": deflateRawSync(text),
    "gzip, br": brotliCompressSync(gzipSync(text)),
    identity: Buffer.from(text),
  };
  let coding = "";
  await using origin = await httpOrigin((_request, response) => {
    response
      .writeHead(200, { "content-encoding": coding, "content-length": codings[coding]!.length })
      .end(codings[coding]);
  });
  await using egress = openEgress();
  for (coding of Object.keys(codings)) {
    const answer = await fetchWith(egress, `${origin.url}/`);
    assert.is((await answer.text()) === text, true, coding);
    assert.is(/content-length/.test(answer.headers), coding === "identity", coding);
    const stays = ["gzip", "br", "identity"].includes(coding);
    assert.is(/content-encoding/.test(answer.headers), stays, coding);
  }
  for (coding of ["gzip, identity", "GZIP,", "identity,,br"]) {
    const body = coding.endsWith("br") ? codings["br"]! : codings["gzip"]!;
    codings[coding] = body;
    const answer = await fetchWith(egress, `${origin.url}/`);
    assert.is((await answer.text()) === text, true, coding);
    const name = body === codings["br"] ? "br" : "gzip";
    assert.equal(answer.headers.match(/content-encoding\n.*/g), [`content-encoding\n${name}`], coding);
  }
  coding = "gzip";
  const head = await fetchWith(egress, `${origin.url}/`, { method: "HEAD" });
  assert.is(head.kind, BodyKind.none);
  assert.match(head.headers, "content-encoding\ngzip");
});

test("Egress.fetch() gives an empty body to an answer that may have one, and none to others", async () => {
  await using origin = await httpOrigin((request, response) => {
    response.writeHead(request.url === "/204" ? 204 : 404).end();
  });
  await using egress = openEgress();
  const empty = await fetchWith(egress, `${origin.url}/`);
  assert.equal([empty.kind, await empty.text()], [BodyKind.text, ""]);
  assert.is((await fetchWith(egress, `${origin.url}/204`)).kind, BodyKind.none);
  assert.is((await fetchWith(egress, `${origin.url}/`, { method: "HEAD" })).kind, BodyKind.none);
});

test("Egress.fetch() leaves codings alone that it does not know, and fails on a lie", async () => {
  let coding = "";
  await using origin = await httpOrigin((_request, response) => {
    response.writeHead(200, { "content-encoding": coding }).end("plain text");
  });
  await using egress = openEgress();
  coding = "compress";
  const unknown = await fetchWith(egress, `${origin.url}/`);
  assert.match(unknown.headers, "content-encoding\ncompress");
  assert.is(await unknown.text(), "plain text");
  for (coding of ["gzip", "br", "zstd"]) {
    assert.match(
      await failure((await fetchWith(egress, `${origin.url}/`)).text()),
      /Content-Encoding/,
      coding,
    );
  }
});

test("Egress.fetch() refuses a zstd frame that asks for a window beyond 8 MiB", async () => {
  const wide = zstdCompressSync(Buffer.alloc(20_000_000), {
    params: { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_contentSizeFlag]: 0 },
  });
  await using origin = await httpOrigin(
    (_request, response) => void response.writeHead(200, { "content-encoding": "zstd" }).end(wide),
  );
  await using egress = openEgress();
  assert.match(await failure((await fetchWith(egress, `${origin.url}/`)).text()), /Content-Encoding/);
});

test("Egress.fetch() escapes the bytes of a Location, whatever text they are", async () => {
  const seen: string[] = [];
  await using origin = await rawOrigin((socket) => {
    socket.on("data", (data) => {
      const target = /^GET (\S+)/.exec(data.toString("latin1"))![1]!;
      seen.push(target);
      const head =
        target === "/" ? "HTTP/1.1 302 Found\r\nLocation: /a\xe2\x98\x83%ff\xff\r\n" : "HTTP/1.1 200 OK\r\n";
      socket.write(Buffer.from(`${head}Content-Length: 0\r\n\r\n`, "latin1"));
    });
  });
  await using egress = openEgress();
  assert.is((await fetchWith(egress, `${origin.url}/`)).url, `${origin.url}/a%E2%98%83%ff%FF`);
  assert.equal(seen, ["/", "/a%E2%98%83%ff%FF"]);
});

test("Egress.fetch() holds a bomb back until it is read, and lets it go", async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000));
  await using origin = await httpOrigin(
    (_request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
  );
  await using egress = openEgress();
  const before = process.memoryUsage().arrayBuffers;
  const reader = ((await fetchWith(egress, `${origin.url}/`)).body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(process.memoryUsage().arrayBuffers - before < 16_000_000, "the bomb went off");
  await reader.cancel();
});

test("Egress.fetch() follows redirects by the rules of fetch", async () => {
  await using origin = await httpOrigin(async (request, response) => {
    const status = Number(request.url!.slice(1));
    if (!status) return echo(request, response);
    await readAll(request);
    response.writeHead(status, { location: "/end" }).end("ignored");
  });
  await using egress = openEgress();
  for (const [status, method, expected, body] of [
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [301, "PUT", "PUT", "abc"],
    [307, "POST", "POST", "abc"],
    [308, "POST", "POST", "abc"],
  ] as const) {
    const answer = await fetchWith(egress, `${origin.url}/${status}`, {
      method,
      body: "abc",
      headers: "content-type\ntext/x\nauthorization\nsecret",
    });
    const seen = JSON.parse(await answer.text()) as Echo;
    assert.equal(
      [seen.method, seen.body, seen.headers["content-type"]],
      [expected, body, body === "" ? undefined : "text/x"],
      `${status} ${method}`,
    );
    assert.is(seen.headers["authorization"], "secret");
    assert.is(answer.redirected, true);
    assert.is(answer.url, `${origin.url}/end`);
  }
  const head = await fetchWith(egress, `${origin.url}/303`, { method: "HEAD" });
  assert.is(head.status, 200);
  const stream = (): ReadableStream<Uint8Array> => new Blob(["abc"]).stream();
  assert.match(
    await failure(fetchWith(egress, `${origin.url}/307`, { method: "POST", body: stream() })),
    /sent only once/,
  );
  assert.is(
    (
      JSON.parse(
        await (await fetchWith(egress, `${origin.url}/303`, { method: "POST", body: stream() })).text(),
      ) as Echo
    ).method,
    "GET",
  );
});

test("Egress.fetch() keeps credentials from another origin", async () => {
  await using other = await httpOrigin((request, response) => void echo(request, response));
  await using origin = await httpOrigin(
    (_request, response) => void response.writeHead(307, { location: `${other.url}/` }).end(),
  );
  await using egress = openEgress();
  const { headers } = JSON.parse(
    await (
      await fetchWith(egress, `${origin.url}/`, {
        headers: "authorization\nsecret\ncookie\nsecret\nx-kept\n1",
      })
    ).text(),
  ) as Echo;
  assert.equal([headers["authorization"], headers["cookie"], headers["x-kept"]], [undefined, undefined, "1"]);
});

test("Egress.fetch() follows redirects within the origin only, where it is told to", async () => {
  await using other = await httpOrigin(echo);
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/") response.end("here");
    else response.writeHead(302, { location: request.url === "/away" ? other.url : "/" }).end();
  });
  await using egress = openEgress();
  const within = { redirect: "sameOrigin" };
  assert.is(await (await fetchWith(egress, `${origin.url}/near`, within)).text(), "here");
  assert.match(await failure(fetchWith(egress, `${origin.url}/away`, within)), /another origin/);
});

test("Egress.fetch() sends what was misdirected once more, on another connection, if it can", async () => {
  const seen: (readonly [body: string, socket: unknown])[] = [];
  await using origin = await httpOrigin(async (request, response) => {
    seen.push([await readAll(request), request.socket]);
    response.writeHead(request.url === "/twice" && seen.length === 2 ? 200 : 421).end("misdirected");
  });
  await using egress = openEgress();
  const post = async (path: string, body: OutboundBody): Promise<number> => {
    seen.length = 0;
    return (await fetchWith(egress, origin.url + path, { method: "POST", body })).status;
  };
  assert.is(await post("/twice", "text"), 200);
  assert.equal(
    seen.map(([body]) => body),
    ["text", "text"],
  );
  assert.is.not(seen[0]![1], seen[1]![1]);
  assert.is(await post("/always", new Uint8Array([65])), 421);
  assert.is(seen.length, 2);
  assert.is(await post("/stream", new Blob(["text"]).stream()), 421);
  assert.is(seen.length, 1, "a stream cannot be sent again");
});

test("Egress.fetch() gives redirects back, or fails, where it is told to, and ends a chain", async () => {
  let hops = 0;
  await using origin = await httpOrigin((_request, response) => {
    hops += 1;
    response.writeHead(302, { location: "/again" }).end("body");
  });
  await using egress = openEgress({ fetchesPerAccount: 1 });
  const manual = await fetchWith(egress, `${origin.url}/`, { redirect: "manual" });
  assert.equal([manual.status, manual.redirected, await manual.text()], [302, false, "body"]);
  assert.match(
    await failure(fetchWith(egress, `${origin.url}/`, { redirect: "error" })),
    /answered with a redirect/,
  );
  hops = 0;
  assert.match(await failure(fetchWith(egress, `${origin.url}/`)), /too many redirects/);
  assert.is(hops, 21);
});

test("Egress.fetch() ends a loop through workers", async () => {
  await using origin = await httpOrigin((request, response) => void echo(request, response));
  await using egress = openEgress();
  const last = JSON.parse(await (await fetchWith(egress, `${origin.url}/`, { depth: 15 })).text()) as Echo;
  assert.is(last.headers["skerry-depth"], "16");
  assert.match(await failure(fetchWith(egress, `${origin.url}/`, { depth: 16 })), /looks like a loop/);
});

test("Egress.fetch() lets so many fetches of an event wait at once", async () => {
  let open = 0;
  let most = 0;
  await using origin = await httpOrigin((_request, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end("ok");
    }, 300);
  });
  await using egress = openEgress();
  const event = {};
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetchWith(egress, `${origin.url}/`, { event })),
  );
  assert.is(answers.length, 20);
  assert.is(most, 6);
});

test("Egress.fetch() gives places back after bodies, failures and aborts", async () => {
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/cut") response.destroy();
    else if (request.url === "/big") response.write("x".repeat(200_000));
    else if (request.url !== "/hang") response.end("ok");
  });
  await using egress = openEgress({ fetchesPerAccount: 1, fetchesInAll: 1 });
  for (let i = 0; i < 3; i += 1) {
    assert.match(await failure(fetchWith(egress, `${origin.url}/cut`)), "Network connection lost.");
    assert.match(
      await failure(fetchWith(egress, `${origin.url}/hang`, { signal: AbortSignal.timeout(30) })),
      /Timeout/,
    );
    await ((await fetchWith(egress, `${origin.url}/big`)).body as ReadableStream).cancel();
    assert.is(await (await fetchWith(egress, `${origin.url}/`, { account: "b" })).text(), "ok");
  }
  const held = await fetchWith(egress, `${origin.url}/big`);
  const abort = new AbortController();
  const waiting = failure(fetchWith(egress, `${origin.url}/`, { signal: abort.signal }));
  abort.abort();
  assert.match(await waiting, /AbortError/);
  await (held.body as ReadableStream).cancel();
});

test("Egress.fetch() gives up on origins that misbehave", async () => {
  const answers: Record<string, string> = {
    silent: "",
    drip: "HTTP/1.1 200 OK\r\n",
    early: "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".repeat(50),
    headers: `HTTP/1.1 200 OK\r\nx: ${"a".repeat(200_000)}\r\n\r\n`,
    many: `HTTP/1.1 200 OK\r\n${"x: 1\r\n".repeat(600)}content-length: 0\r\n\r\n`,
    garbage: "SSH-2.0-OpenSSH\r\n",
    stall: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab",
    short: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab!",
  };
  await using origin = await rawOrigin((socket) => {
    socket.once("data", (data) => {
      const name = /^GET \/(\w+)/.exec(data.toString())![1]!;
      socket.write(answers[name]!.replace("!", ""));
      if (name === "short") socket.end();
    });
  });
  // What is not meant to end a fetch is wide: a machine may stand still for seconds.
  await using hasty = openEgress({ headersTimeoutMs: 200 });
  await using egress = openEgress({ bodyIdleMs: 200 });
  const run = (name: string, by = egress): Promise<string> =>
    failure(fetchWith(by, `${origin.url}/${name}`).then((answer) => answer.text()));
  assert.match(await run("silent", hasty), "did not answer in time");
  assert.match(await run("drip", hasty), "did not answer in time");
  assert.match(await run("early"), "1xx");
  assert.match(await run("headers"), "too large");
  assert.match(await run("many"), "too many headers");
  assert.match(await run("garbage"), "Network connection lost.");
  assert.match(await run("stall"), "stopped sending");
  assert.match(await run("short"), "Network connection lost.");
  await eventually(() => origin.sockets.size === 0, "all closed");
});

test("Egress.fetch() keeps a folded header from becoming two", async () => {
  await using origin = await rawOrigin((socket) => {
    socket.once("data", () =>
      socket.end("HTTP/1.1 200 OK\r\nx-a: 1\r\n x-b: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
    );
  });
  await using egress = openEgress();
  const result = await fetchWith(egress, `${origin.url}/`).then(({ headers }) => headers, String);
  assert.not.match(result, /\nx-b\n/);
});

test.run();
