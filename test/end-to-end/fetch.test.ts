import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

for (const cell of CELLS) {
  test(`worker.fetch answers from an isolate (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "hello",
        `export default {
      fetch(request) { return new Response("hi " + new URL(request.url).pathname, { status: 201, headers: { "x-a": "1" } }); }
    };`,
      ),
    );
    const answer = await worker.fetch("http://hello.test/path?q");
    assert.is(answer.status, 201);
    assert.is(answer.headers.get("x-a"), "1");
    assert.is(await answer.text(), "hi /path");
    await until("the event is recorded", () => at.events.length === 1);
    assert.is(at.events[0]!.outcome, "ok");
    assert.is(at.events[0]!.status, 201);
    assert.equal(at.faults, []);
  });

  test(`worker.fetch carries method, headers and every kind of body (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "echo",
        `export default {
      async fetch(request) {
        const text = await request.text();
        return Response.json({ method: request.method, type: request.headers.get("content-type"), length: text.length, end: text.slice(-3) });
      }
    };`,
      ),
    );
    const big = "x".repeat(300_000) + "end";
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 3; i++) controller.enqueue(new TextEncoder().encode("part"));
        controller.close();
      },
    });
    const ask = async (init: RequestInit): Promise<unknown> =>
      await (await worker.fetch("http://echo/", init)).json();
    assert.equal(await ask({ method: "POST", body: "small", headers: { "content-type": "text/plain" } }), {
      method: "POST",
      type: "text/plain",
      length: 5,
      end: "all",
    });
    assert.equal(await ask({ method: "PUT", body: big, headers: { "content-type": "a/b" } }), {
      method: "PUT",
      type: "a/b",
      length: 300_003,
      end: "end",
    });
    assert.equal(await ask({ method: "POST", body: stream, duplex: "half" } as RequestInit), {
      method: "POST",
      type: null,
      length: 12,
      end: "art",
    });
  });

  test(`worker.fetch streams megabytes both ways through a TransformStream (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "pipe",
        `export default {
      fetch(request) {
        const { readable, writable } = new TransformStream({ transform(chunk, controller) {
          for (let i = 0; i < chunk.length; i += 1024) chunk[i] ^= 1;
          controller.enqueue(chunk);
        } });
        request.body.pipeTo(writable);
        return new Response(readable);
      }
    };`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    const sent = new Uint8Array(3_000_000).map((_, index) => index % 251);
    const answer = await worker.fetch("http://pipe/", { method: "POST", body: sent });
    const got = new Uint8Array(await answer.arrayBuffer());
    assert.is(got.length, sent.length);
    let wrong = 0;
    for (let i = 0; i < got.length; i++) if ((got[i]! ^ sent[i]!) > 1) wrong++;
    assert.is(wrong, 0);
  });

  test(`a response body that the worker streams reaches the reader piece by piece (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "drip",
        `export default {
      fetch() {
        let n = 0;
        return new Response(new ReadableStream({ async pull(controller) {
          await new Promise((done) => setTimeout(done, 5));
          if (n === 4) return controller.close();
          controller.enqueue(new TextEncoder().encode(String(n++)));
        } }));
      }
    };`,
      ),
    );
    let parts: string[] = [];
    // Pieces that come while the machine stands still are read as one: not at every attempt.
    for (let i = 0; i < 10 && parts.length < 4; i++) {
      parts = [];
      for await (const part of (await worker.fetch("http://drip/")).body!)
        parts.push(new TextDecoder().decode(part));
    }
    assert.equal(parts, ["0", "1", "2", "3"]);
  });

  test(`cancelling a response cancels the worker's stream (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "endless",
        `export default {
      fetch() {
        return new Response(new ReadableStream({
          pull(controller) { controller.enqueue(new Uint8Array(1000)); },
          cancel() { console.log("cancelled"); },
        }));
      }
    };`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    const reader = (await worker.fetch("http://endless/")).body!.getReader();
    await reader.read();
    await reader.cancel();
    await until("the worker hears of it", () => at.logs.some(({ text }) => text === "cancelled"));
  });

  test(`aborting a request aborts request.signal (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "slow",
        `export default {
      async fetch(request) {
        console.log("started");
        request.signal.addEventListener("abort", () => console.log("aborted"));
        await new Promise((done) => setTimeout(done, 50_000));
        return new Response("late");
      }
    };`,
      ),
    );
    const controller = new AbortController();
    const answer = worker
      .fetch("http://slow/", { signal: controller.signal })
      .catch((error: Error) => error.name);
    await until("the worker runs", () => at.logs.length === 1);
    controller.abort();
    assert.is(await answer, "AbortError");
    await until("the worker hears of it", () => at.logs.some(({ text }) => text === "aborted"));
  });

  test(`waitUntil runs on after the response (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "later",
        `let release;
    export default {
      fetch(request, env, ctx) {
        if (request.url.endsWith("/go")) { release(); return new Response("gone"); }
        ctx.waitUntil((async () => {
          await new Promise((done) => { release = done; setTimeout(done, 29_000); });
          console.log("afterwards");
        })());
        return new Response("now");
      }
    };`,
      ),
    );
    assert.is(await (await worker.fetch("http://later/")).text(), "now");
    assert.is(at.logs.length, 0);
    assert.is(at.events.length, 0);
    assert.is(await (await worker.fetch("http://later/go")).text(), "gone");
    await until("the work is done", () => at.logs.some(({ text }) => text === "afterwards"));
    await until("the events are over", () => at.events.length === 2);
    assert.ok(at.events.every(({ outcome }) => outcome === "ok"));
  });

  test(`worker.scheduled fires the cron handler (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "cron",
        `export default {
      async scheduled(controller, env) { console.log(controller.cron, controller.scheduledTime, env.NAME); }
    };`,
        { vars: { NAME: "n" } },
      ),
    );
    assert.is(await worker.scheduled({ cron: "* * * * *", scheduledTime: 1_000 }), "ok");
    await until("the log is there", () => at.logs.length === 1);
    assert.is(at.logs[0]!.text, "* * * * * 1000 n");
  });
}

test("the hosts of these tests close", closeHosts);

test.run();
