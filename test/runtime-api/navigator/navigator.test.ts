import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "../worker/isolate-fixture.ts";

test("navigator says what libraries look for, and nothing of the machine", async () => {
  using isolate = await worker(`{ fetch() {
    const { userAgent, platform, hardwareConcurrency, language, languages } = navigator;
    return Response.json([userAgent, platform, hardwareConcurrency, language, languages, languages === navigator.languages, Object.isFrozen(languages)]);
  } }`);
  assert.is(only(await isolate.fetch(), "head")[4], '["Cloudflare-Workers","Linux",1,"en",["en"],true,true]');
});

test("navigator.sendBeacon() posts, keeps the event alive, and lets a failure go", async () => {
  using isolate = await worker(`{ fetch() {
    const sent = navigator.sendBeacon("https://metrics.example/a", new URLSearchParams({ a: 1 }));
    const names = [];
    for (const url of ["nonsense", "ftp://a/", undefined]) try { navigator.sendBeacon(url); } catch (error) { names.push(error.name); }
    return Response.json([sent, names]);
  } }`);
  const first = await isolate.fetch();
  assert.equal(types(first), ["call", "head"]);
  const call = only(first, "call");
  assert.equal(call.slice(1, 3), [0, "fetch"]);
  assert.equal(call.slice(4, 6), ["POST", "https://metrics.example/a"]);
  assert.is(only(first, "head")[4], '[true,["TypeError","TypeError","TypeError"]]');
  const out = await isolate.send(1, In.reply, 1, false, 2, "TypeError", "unreachable");
  assert.equal(types(out), ["end"]);
  assert.equal(only(out, "end"), [true]);
});

test.run();
