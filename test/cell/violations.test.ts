import { test } from "uvu";
import * as assert from "uvu/assert";
import { Harness, KINDS, within } from "./harness.ts";
import { FAKE_IMAGE } from "./fake-image.ts";

const WAIT_MS = 20_000;
/** Answers as an honest runtime would. */
const HONEST = `[(out,slice)=>{if(slice[2]===1)out.push(1,slice[0],200,"","",1,"honest",14,slice[0],true)}]`;

/** What a runtime taken over by its tenant may put out for a fetch of event 1; `e` is the event. */
const ILLEGAL: Readonly<Record<string, string>> = {
  "no array": `set({0:1})`,
  "a string": `set("hello")`,
  "a Map": `set(new Map([[1,2]]))`,
  "a huge sparse array": `const a=[];a.length=4294967295;set(a)`,
  "an unknown type": `out.push(99,e)`,
  "a reserved type": `out.push(33,e,1)`,
  "a cut record": `out.push(1,e,200)`,
  "an event that never began": `out.push(14,e+1,true)`,
  "a negative event": `out.push(14,-1,true)`,
  "an event that is no number": `out.push(14,"1",true)`,
  "two heads": `out.push(1,e,200,"","",0,null,1,e,200,"","",0,null)`,
  "a head of status 99": `out.push(1,e,99,"","",0,null)`,
  "a head of status NaN": `out.push(1,e,NaN,"","",0,null)`,
  "a header with a line of its own": `out.push(1,e,200,"","a\\nb\\rc",0,null)`,
  "a header beyond bytes": `out.push(1,e,200,"","a\\n\\u2603",0,null)`,
  "headers that are no pairs": `out.push(1,e,200,"","a\\nb\\nc",0,null)`,
  "a status text with a line feed": `out.push(1,e,200,"a\\nb","",0,null)`,
  "a body of an unknown kind": `out.push(1,e,200,"","",5,null)`,
  "a body of another type": `out.push(1,e,200,"","",2,"text")`,
  "a body that is too long": `out.push(1,e,200,"","",1,"x".repeat(70000))`,
  "a ref to nothing": `out.push(1,e,200,"","",4,2)`,
  "a stream with an even id": `out.push(1,e,200,"","",3,2)`,
  "a stream twice": `out.push(1,e,200,"","",3,1,7,e,1,0,"fetch",7,"GET","u","",3,1,"follow",null)`,
  "a chunk of no stream": `out.push(2,e,1,new Uint8Array(1))`,
  "a chunk after the close": `out.push(1,e,200,"","",3,1,3,e,1,2,e,1,new Uint8Array(1))`,
  "two closes": `out.push(1,e,200,"","",3,1,3,e,1,3,e,1)`,
  "a chunk beyond the credit": `out.push(1,e,200,"","",3,1);for(let i=0;i<6;i++)out.push(2,e,1,new Uint8Array(65536))`,
  "a chunk that is too large": `out.push(1,e,200,"","",3,1,2,e,1,new Uint8Array(65537))`,
  "a view on a larger buffer": `out.push(1,e,200,"","",2,new Uint8Array(new ArrayBuffer(64),0,8))`,
  "another typed array": `out.push(1,e,200,"","",2,new Uint16Array(4))`,
  "a resizable buffer": `out.push(1,e,200,"","",2,new Uint8Array(new ArrayBuffer(8,{maxByteLength:16})))`,
  "an object among arguments": `out.push(7,e,1,0,"fetch",1,{x:1})`,
  "undefined among arguments": `out.push(7,e,1,0,"fetch",1,undefined)`,
  "a count beyond the end": `out.push(7,e,1,0,"fetch",1e9)`,
  "a call's id twice": `out.push(7,e,1,1,"x",0,7,e,1,1,"x",0)`,
  "too many calls": `for(let i=1;i<2002;i++)out.push(7,e,i,1,"x",0)`,
  "an unknown call withdrawn": `out.push(8,e,5)`,
  "a timer twice": `out.push(9,e,1,5,9,e,1,5)`,
  "a timer without end": `out.push(9,e,1,Infinity)`,
  "too many timers": `for(let i=1;i<10002;i++)out.push(9,e,i,1000)`,
  "an unknown log level": `out.push(11,e,"fatal","x")`,
  "too many log lines": `for(let i=0;i<1100;i++)out.push(11,e,"log","x")`,
  "too long a log line": `out.push(11,e,"log","x".repeat(300000))`,
  "a second end": `out.push(14,e,true,14,e,true)`,
  "a record after the end": `out.push(14,e,true,11,e,"log","x")`,
  "a second load": `out.push(15,0,"[]")`,
  "a call in the global scope": `out.push(7,0,1,0,"fetch",0)`,
  "a slice of another event": `out.push(17,7,1)`,
  "a slice of negative length": `out.push(17,e,-5)`,
  "credit for no stream": `out.push(5,e,2,10)`,
  "credit of nothing": `out.push(5,e,2,0)`,
  "too many records": `for(let i=1;i<21000;i++)out.push(10,e,i)`,
};

for (const kind of KINDS) {
  test(`${kind} cell ends an isolate that breaks the protocol, and only that`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    const neighbour = await host.load(HONEST);
    for (const [name, code] of Object.entries(ILLEGAL)) {
      const bad = await host.load(`[(out,slice,set)=>{const e=slice[0];${code}}]`);
      const { loss } = await within(WAIT_MS, host.watch(bad, (void host.fetch(bad), 1)), name);
      await new Promise((resolve) => setImmediate(resolve));
      assert.is(host.losses.get(bad)?.cause ?? loss?.cause, "protocolError", name);
      assert.equal(host.losses.get(bad)?.started, [1], name);
    }
    const bad = await host.load(`[(out)=>out.push(()=>{})]`);
    const { loss } = await within(WAIT_MS, host.fetch(bad), "a function");
    assert.is(loss?.cause, "internalError");
    assert.is((await within(WAIT_MS, host.fetch(neighbour), "the neighbour")).body, "honest");
    assert.equal(host.catastrophes, []);
    assert.not(host.losses.has(neighbour));
  });

  test(`${kind} cell lets pass what crosses, and drops what is late`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    // On fetch a stream and a call are opened; on anything later the isolate goes on as if nothing had come.
    const isolate = await host.load(`[(out,slice)=>{const e=slice[0];
      if(slice[2]===1)out.push(1,e,200,"","",3,1,7,e,1,1,"x",0);
      else if(slice[2]===9)out.push(2,e,1,new Uint8Array(3),3,e,1);
      else if(slice[2]===3)out.push(8,e,1,6,e,2,"late",14,e,true);
      else if(slice[2]===11)out.push(11,e,"log","after the drop",14,e,true);
    }]`);
    const first = host.fetch(isolate, "http://a.test/", [3, 2]);
    host.send(isolate, { type: 9, event: 1, stream: 1, reason: "gone" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    host.send(isolate, { type: 9, event: 1, stream: 1, reason: "gone" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    host.send(isolate, { type: 3, event: 1, call: 1, ok: true, values: [] });
    host.send(isolate, { type: 3, event: 1, call: 1, ok: true, values: [] });
    host.send(isolate, { type: 8, event: 1, stream: 77, bytes: 5 }, {
      type: 6,
      event: 9,
      stream: 2,
      bytes: new Uint8Array(1),
    } as never);
    const answer = await within(WAIT_MS, first, "the event");
    assert.ok(answer.ok);
    assert.is(answer.body, "");
    void host.fetch(isolate);
    await new Promise((resolve) => setTimeout(resolve, 50));
    host.send(isolate, { type: 11, event: 2 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.not(host.losses.has(isolate), JSON.stringify(host.losses.get(isolate)));
    assert.not(host.all.some(({ messages }) => messages.some((message) => message.type === 11)));
  });

  test(`${kind} cell refuses a load that breaks the protocol`, async () => {
    const image = FAKE_IMAGE.replace(`out.push(15, 0, '["fetch"]')`, "given(out)");
    await using host = new Harness({ kind, script: image });
    for (const code of [
      ``,
      `out.push(15,0,"no json")`,
      `out.push(15,0,"[1]")`,
      `out.push(15,0,"[]",15,0,"[]")`,
      `out.push(15,1,"[]")`,
      `out.push(14,1,true)`,
      `out.push(9,0,1,1,15,0,"[]")`,
    ]) {
      const { result } = await within(WAIT_MS, host.tryLoad(`(out)=>{${code}}`), "a load");
      assert.not.ok(result.ok, code);
      if (!result.ok) assert.is(result.reason, "isolateLost", code);
    }
    const { result } = await host.tryLoad(`(out)=>{out.push(11,0,"log","hi",15,0,"[]")}`);
    assert.ok(result.ok);
    assert.is(host.all[0]?.messages.length, 1);
  });
}

test.run();
