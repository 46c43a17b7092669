import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

const UNPACK = `export default { async fetch(request) {
  const unpacked = request.body.pipeThrough(new DecompressionStream("gzip"));
  let bytes = 0, chunks = 0;
  for await (const chunk of unpacked) { bytes += chunk.length; chunks++; }
  return Response.json({ bytes, chunks });
} }`;

for (const cell of CELLS) {
  test(`a response is compressed while it streams (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "pack",
        `export default { fetch(request) {
          return new Response(request.body.pipeThrough(new CompressionStream("gzip")), { headers: { "content-type": "application/gzip" } });
        } }`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    const text = randomBytes(1_200_000).toString("base64");
    const answer = await worker.fetch("http://pack/", { method: "POST", body: text });
    const packed = new Uint8Array(await answer.arrayBuffer());
    assert.ok(packed.length < text.length);
    assert.is(gunzipSync(packed).toString(), text);
    await until("it is recorded", () => at.events.length === 1);
    assert.is(at.events[0]!.outcome, "ok");
    // What packing 1.6 MB of text without matches is charged, whoever does it.
    assert.ok(at.events[0]!.cpuMs >= 25, `${at.events[0]!.cpuMs}`);
    assert.equal(at.faults, []);
  });

  test(`a bomb is unpacked no faster than it is read, and costs CPU (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const patient = await at.host.deploy(
      upload("patient", UNPACK, { limits: { cpuMs: 20_000, memoryMb: 32 } }),
    );
    const bomb = gzipSync(new Uint8Array(100_000_000));
    const init = { method: "POST", body: bomb };
    const answer = (await (await patient.fetch("http://patient/", init)).json()) as Record<string, number>;
    assert.is(answer["bytes"], 100_000_000);
    assert.ok(answer["chunks"]! > 1_000);
    const short = await at.host.deploy(upload("short", UNPACK, { limits: { cpuMs: 50 } }));
    assert.is((await short.fetch("http://short/", init)).status, 503);
    await until("both are recorded", () => at.events.length === 2);
    assert.is(at.events[1]!.outcome, "exceededCpu");
    assert.equal(at.faults, []);
  });

  test(`a chunk that unpacks to more than the isolate holds waits for its reader (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "slow",
        `export default { async fetch(request) {
          const packed = new Uint8Array(await request.arrayBuffer());
          const { readable, writable } = new DecompressionStream("gzip");
          const writer = writable.getWriter();
          let written = false;
          writer.write(packed).then(() => { written = true; }, () => {});
          const reader = readable.getReader();
          let bytes = 0;
          for (let i = 0; i < 10; i++) {
            await new Promise((done) => setTimeout(done, 1));
            bytes += (await reader.read()).value.length;
          }
          const answer = Response.json({ bytes, written });
          await reader.cancel(new Error("enough"));
          const after = await writer.closed.catch((error) => error.message);
          answer.headers.set("x-after", after);
          return answer;
        } }`,
        { limits: { memoryMb: 32, cpuMs: 5_000 } },
      ),
    );
    const body = gzipSync(new Uint8Array(200_000_000));
    const answer = await worker.fetch("http://slow/", { method: "POST", body });
    const { bytes, written } = (await answer.json()) as { bytes: number; written: boolean };
    assert.ok(bytes <= 10 * 65_536);
    assert.is(written, false);
    assert.is(answer.headers.get("x-after"), "enough");
  });

  test(`malformed, truncated and trailing bytes fail both ends with a TypeError (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "bad",
        `export default { async fetch(request) {
          const { readable, writable } = new DecompressionStream("gzip");
          const writer = writable.getWriter();
          const wrote = writer.write(await request.arrayBuffer()).then(() => writer.close());
          const told = await Promise.allSettled([wrote, new Response(readable).text(), writer.closed]);
          return Response.json(told.map(({ reason }) => reason instanceof TypeError ? reason.message : String(reason)));
        } }`,
      ),
    );
    const good = gzipSync("hello");
    for (const [body, words] of [
      [Buffer.from("nonsense"), /header/],
      [good.subarray(0, -2), /too early/],
      [Buffer.concat([good, Buffer.from([0])]), /follow/],
    ] as const) {
      const told = (await (await worker.fetch("http://bad/", { method: "POST", body })).json()) as string[];
      for (const text of told) assert.match(text, words);
    }
  });

  test(`open streams are bounded, and go with their event (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "many",
        `export default { async fetch() {
          for (let count = 0; ; count++) {
            try {
              await new CompressionStream("gzip").writable.getWriter().write(new Uint8Array(20000));
            } catch (error) {
              return new Response(count + " " + error.message);
            }
          }
        } }`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    const first = await (await worker.fetch("http://many/")).text();
    assert.match(first, /^\d\d Too many compression streams are open at once/);
    for (let i = 0; i < 4; i++) assert.is(await (await worker.fetch("http://many/")).text(), first);
  });

  test(`a stream belongs to the event that feeds it first (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "shared",
        `const { readable, writable } = new CompressionStream("gzip");
        const writer = writable.getWriter();
        let early;
        try { await writer.ready; await new CompressionStream("gzip").writable.getWriter().write(new Uint8Array(1)); }
        catch (error) { early = error.message; }
        let release;
        export default { async fetch(request, env, ctx) {
          const { pathname } = new URL(request.url);
          if (pathname === "/early") return new Response(early);
          if (pathname === "/first") {
            await writer.write(new Uint8Array(8));
            ctx.waitUntil(new Promise((done) => { release = done; setTimeout(done, 20000); }));
            return new Response("fed");
          }
          if (pathname === "/end") { release(); return new Response("released"); }
          return new Response(await writer.write(new Uint8Array(8)).then(() => "fed", (error) => error.message));
        } }`,
      ),
    );
    const text = async (path: string): Promise<string> =>
      await (await worker.fetch(`http://shared${path}`)).text();
    assert.match(await text("/early"), /global scope/);
    assert.is(await text("/first"), "fed");
    assert.match(await text("/second"), /different request|another request|I\/O/i);
    await text("/end");
  });
}

test("a worker that patches prototypes still gets its bytes and its text", async () => {
  await using at = await makeHost({});
  const worker = await at.host.deploy(
    upload(
      "patched",
      `const broken = () => { throw new Error("patched") };
      for (const name of ["set", "slice", "subarray", "fill"]) Object.getPrototypeOf(Uint8Array.prototype)[name] = broken;
      for (const name of ["charCodeAt", "slice", "toLowerCase", "trim", "isWellFormed"]) String.prototype[name] = broken;
      for (const name of ["get", "set", "has"]) Map.prototype[name] = broken;
      Array.prototype[Symbol.iterator] = broken;
      ArrayBuffer.prototype.slice = TextDecoder.prototype.decode = TextEncoder.prototype.encode = broken;
      Object.prototype.stream = Object.prototype.fatal = true;
      export default { async fetch(request) {
        const unpacked = request.body.pipeThrough(new CompressionStream("deflate")).pipeThrough(new DecompressionStream("deflate"));
        const text = unpacked.pipeThrough(new TextDecoderStream("utf-16le")).pipeThrough(new TextEncoderStream());
        return new Response(text);
      } }`,
      { limits: { cpuMs: 5_000 } },
    ),
  );
  const body = Buffer.from("grüße 😀 ".repeat(1_000), "utf16le");
  const answer = await worker.fetch("http://patched/", { method: "POST", body });
  assert.ok((await answer.text()) === "grüße 😀 ".repeat(1_000), at.logs.map(({ text }) => text).join());
  assert.equal(at.faults, []);
});

test("hosts", closeHosts);

test.run();
