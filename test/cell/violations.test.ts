import { test } from "uvu";
import * as assert from "uvu/assert";
import type { OutMessage } from "../../runtime-api/contract/out.ts";
import { eventually } from "../eventually.ts";
import { Harness, KINDS, within } from "./harness.ts";
import { FAKE_IMAGE } from "./fake-image.ts";

const WAIT_MS = 150_000;
/** Answers as an honest runtime would. */
const HONEST = `[(out,slice)=>{if(slice[2]===1)out.push(1,slice[0],200,"","",1,"honest",false,14,slice[0],true)}]`;

/** Opens a WebSocket as the answer. */
const SOCKET = `out.push(1,e,101,"","",5,1,false);`;
/** What a runtime taken over by its tenant may put out for a fetch of event 1; `e` is the event. */
const ILLEGAL: Readonly<Record<string, string>> = {
  "no array": `set({0:1})`,
  "a string": `set("hello")`,
  "a Map": `set(new Map([[1,2]]))`,
  "a huge sparse array": `const a=[];a.length=4294967295;set(a)`,
  "an unknown type": `out.push(99,e)`,
  "a reserved type": `out.push(36,e,1)`,
  "a cut record": `out.push(1,e,200)`,
  "an event that never began": `out.push(14,e+1,true)`,
  "a negative event": `out.push(14,-1,true)`,
  "an event that is no number": `out.push(14,"1",true)`,
  "two heads": `out.push(1,e,200,"","",0,null,false,1,e,200,"","",0,null,false)`,
  "a head of status 99": `out.push(1,e,99,"","",0,null,false)`,
  "a head of status NaN": `out.push(1,e,NaN,"","",0,null,false)`,
  "a header with a line of its own": `out.push(1,e,200,"","a\\nb\\rc",0,null,false)`,
  "a header beyond bytes": `out.push(1,e,200,"","a\\n\\u2603",0,null,false)`,
  "headers that are no pairs": `out.push(1,e,200,"","a\\nb\\nc",0,null,false)`,
  "a status text with a line feed": `out.push(1,e,200,"a\\nb","",0,null,false)`,
  "a body of an unknown kind": `out.push(1,e,200,"","",5,null,false)`,
  "a body of another type": `out.push(1,e,200,"","",2,"text",false)`,
  "a body that is too long": `out.push(1,e,200,"","",1,"x".repeat(70000),false)`,
  "a ref to nothing": `out.push(1,e,200,"","",4,2,false)`,
  "a copy of nothing": `out.push(1,e,200,"","",6,2,false)`,
  "a stream with an even id": `out.push(1,e,200,"","",3,2,false)`,
  "a stream twice": `out.push(1,e,200,"","",3,1,false,7,e,1,0,"fetch",7,"GET","u","",3,1,"follow",null)`,
  "a chunk of no stream": `out.push(2,e,1,new Uint8Array(1))`,
  "a chunk after the close": `out.push(1,e,200,"","",3,1,false,3,e,1,2,e,1,new Uint8Array(1))`,
  "two closes": `out.push(1,e,200,"","",3,1,false,3,e,1,3,e,1)`,
  "a chunk beyond the credit": `out.push(1,e,200,"","",3,1,false);for(let i=0;i<6;i++)out.push(2,e,1,new Uint8Array(65536))`,
  "a chunk that is too large": `out.push(1,e,200,"","",3,1,false,2,e,1,new Uint8Array(65537))`,
  "a view on a larger buffer": `out.push(1,e,200,"","",2,new Uint8Array(new ArrayBuffer(64),0,8),false)`,
  "another typed array": `out.push(1,e,200,"","",2,new Uint16Array(4),false)`,
  "a resizable buffer": `out.push(1,e,200,"","",2,new Uint8Array(new ArrayBuffer(8,{maxByteLength:16})),false)`,
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
  "a socket with status 200": `out.push(1,e,200,"","",5,1,false)`,
  "status 101 without a socket": `out.push(1,e,101,"","",0,null,false)`,
  "a head of status 102": `out.push(1,e,102,"","",5,1,false)`,
  "a socket of the host that there is not": `out.push(1,e,101,"","",5,2,false)`,
  "a call with a socket": `out.push(7,e,1,1,"put",3,"k",5,1)`,
  "a message on no socket": `out.push(32,e,1,"x")`,
  "a message on another socket": `${SOCKET}out.push(32,e,3,"x")`,
  "more credit for a socket than its window": `${SOCKET}out.push(34,e,1,200000,34,e,1,200000)`,
  "credit on no socket": `out.push(34,e,1,5)`,
  "credit of nothing on a socket": `${SOCKET}out.push(34,e,1,0)`,
  "a message that is a number": `${SOCKET}out.push(32,e,1,7)`,
  "a message that is too long": `${SOCKET}out.push(32,e,1,"x".repeat(16385))`,
  "a message of too many bytes": `${SOCKET}out.push(32,e,1,new Uint8Array(65537))`,
  "a message that is a view": `${SOCKET}out.push(32,e,1,new Uint8Array(new ArrayBuffer(8),0,4))`,
  "messages beyond the credit": `${SOCKET}for(let i=0;i<1100;i++)out.push(32,e,1,"")`,
  "a message amid parts": `${SOCKET}out.push(33,e,1,true,false,new Uint8Array(1),32,e,1,"x")`,
  "parts of two kinds": `${SOCKET}out.push(33,e,1,true,false,new Uint8Array(1),33,e,1,false,true,new Uint8Array(1))`,
  "a message after the close": `${SOCKET}out.push(35,e,1,1000,"",32,e,1,"x")`,
  "two closes of a socket": `${SOCKET}out.push(35,e,1,1000,"",35,e,1,1000,"")`,
  "a close of code 1006": `${SOCKET}out.push(35,e,1,1006,"")`,
  "a close of code 999": `${SOCKET}out.push(35,e,1,999,"")`,
  "a close of code 5000": `${SOCKET}out.push(35,e,1,5000,"")`,
  "a reason without a code": `${SOCKET}out.push(35,e,1,0,"x")`,
  "a reason that is too long": `${SOCKET}out.push(35,e,1,1000,"\u00e9".repeat(62))`,
  "too many records": `for(let i=1;i<21000;i++)out.push(10,e,i)`,
};

for (const kind of KINDS) {
  test(`${kind} cell ends an isolate that breaks the protocol, and only that`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    const neighbour = await host.load(HONEST);
    for (const [name, code] of Object.entries(ILLEGAL)) {
      // In its first slice only: what the host answers must not lead to another violation that hides the one meant.
      const bad = await host.load(`[(out,slice,set)=>{const e=slice[0];if(slice[2]!==1)return;${code}}]`);
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

  test(`${kind} cell ends an isolate that gives more credit for a body than its window`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    const bad = await host.load(`[(out,slice)=>out.push(5,slice[0],2,200000,5,slice[0],2,200000)]`);
    const { loss } = await within(WAIT_MS, host.fetch(bad, "http://a.test/", [3, 2]), "the event");
    assert.is(loss?.cause, "protocolError");
    const good = await host.load(`[(out,slice)=>{const e=slice[0];
      if(slice[2]===1)out.push(5,e,2,262144);
      else for(let i=2;i<slice.length;i+=slice[i]===5?3:2)
        if(slice[i]===5)out.push(5,e,2,slice[i+2].length);
        else out.push(1,e,200,"","",0,null,false,14,e,true);}]`);
    host.uploads.set(1, 1_000_000);
    assert.ok((await within(WAIT_MS, host.fetch(good, "http://a.test/", [3, 2]), "the upload")).ok);
  });

  test(`${kind} cell lets pass what crosses, and drops what is late`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    // On fetch a stream and a call are opened; on anything later the isolate goes on as if nothing had come.
    const isolate = await host.load(`[(out,slice)=>{const e=slice[0];
      if(slice[2]===1)out.push(1,e,200,"","",3,1,false,7,e,1,1,"x",0);
      else if(slice[2]===9)out.push(2,e,1,new Uint8Array(3),3,e,1,11,e,"log","cancelled");
      else if(slice[2]===3)out.push(8,e,1,6,e,2,"late",14,e,true);
      else if(slice[2]===11)out.push(11,e,"log","after the drop",14,e,true);
    }]`);
    const came = async (what: number, count: number): Promise<void> => {
      const seen = (): number =>
        host.all.flatMap(({ messages }) => messages).filter(({ type }) => type === what).length;
      await eventually(() => seen() >= count, `${count} of type ${what}`);
    };
    const first = host.fetch(isolate, "http://a.test/", [3, 2]);
    host.send(isolate, { type: 9, event: 1, stream: 1, reason: "gone" });
    await came(1, 1);
    host.send(isolate, { type: 9, event: 1, stream: 1, reason: "gone" });
    // What the isolate says of the cancel.
    await came(11, 1);
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
    await came(1, 2);
    host.send(isolate, { type: 11, event: 2 });
    void host.fetch(isolate);
    // What follows the drop.
    await came(1, 3);
    assert.not(host.losses.has(isolate), JSON.stringify(host.losses.get(isolate)));
    assert.not(host.all.some(({ messages }) => messages.some((it) => it.type === 11 && it.event === 2)));
  });

  test(`${kind} cell carries a WebSocket, and drops what crosses its close`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    // Answers each message with its like; after the host's close it goes on as if nothing had come.
    const isolate = await host.load(`[(out,slice)=>{const e=slice[0];
      if(slice[2]===1)out.push(1,e,101,"","",5,1,false,34,e,1,1000);
      else if(slice[2]===32)out.push(32,e,1,slice[4]);
      else if(slice[2]===35)out.push(32,e,1,"late",34,e,1,5,35,e,1,1000,"",14,e,true);
    }]`);
    const ofSockets = (): OutMessage[] =>
      host.all.flatMap(({ messages }) => messages).filter(({ type }) => type >= 32);
    const came = async (count: number): Promise<void> =>
      await eventually(() => ofSockets().length >= count, `${count} of sockets`);
    const answer = host.fetch(isolate);
    await came(1);
    host.send(isolate, { type: 32, event: 1, socket: 1, data: "a" });
    host.send(isolate, { type: 32, event: 1, socket: 1, data: new Uint8Array([7]) });
    host.send(isolate, { type: 32, event: 1, socket: 2, data: "for no socket" });
    await came(3);
    host.send(isolate, { type: 35, event: 1, socket: 1, code: 1001, reason: "", wasClean: true });
    host.send(isolate, { type: 32, event: 1, socket: 1, data: "after the close" });
    assert.ok((await within(WAIT_MS, answer, "the event")).ok);
    assert.equal(
      ofSockets().map((message) => ("data" in message ? message.data : message.type)),
      [34, "a", new Uint8Array([7])],
    );
    assert.not(host.losses.has(isolate), JSON.stringify(host.losses.get(isolate)));
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
