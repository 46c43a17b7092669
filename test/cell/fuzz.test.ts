import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat, type FlatBody } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { FAKE_IMAGE } from "./fake-image.ts";
import { esm, Harness, KINDS, within } from "./harness.ts";
import { Random } from "./random.ts";

const WAIT_MS = 150_000;
const ROUNDS = 60;

/** Puts out random records, legal and not, of its own and of others' events. The seed is in the URL. */
const NOISE = `[(out,slice)=>{
  let state=globalThis.state??=Number(String(slice[4]).split("/").pop())|0;
  const int=n=>{state=(Math.imul(state,1664525)+1013904223)>>>0;globalThis.state=state;return Math.floor(state/2**32*n)};
  const pick=a=>a[int(a.length)];
  const any=()=>pick([0,1,2,3,-1,.5,NaN,2**53,"","x","a\\nb",null,true,false,undefined,new Uint8Array(4),new Uint16Array(2),{},[],"x".repeat(70000)]);
  const e=slice[0];
  const legal=()=>pick([[11,e,"log","x"],[9,e,1+int(50),int(20)],[10,e,1+int(50)],[7,e,1+int(9),0,"fetch",7,"GET","u","",0,null,"follow",null],
    [1,e,200,"","",pick([0,1,3]),pick([null,"t",1]),pick([true,false])],[2,e,1,new Uint8Array(int(9))],[3,e,1],[5,e,2,9],[1,e,101,"","",5,1,false],[32,e,1,pick(["t",new Uint8Array(3)])],[33,e,1,int(2)===0,int(2)===0,new Uint8Array(int(9))],
    [34,e,1,1+int(9)],[35,e,1,1000,"r"],[12,e,"E","m","s"],[14,e,true]]);
  for(let n=int(6);n>0;n--){const r=legal();if(int(8)===0)r[int(r.length)]=any();if(int(30)===0)r.pop();out.push(...r)}
}]`;
const HONEST = `[(out,slice)=>{if(slice[2]===1)out.push(1,slice[0],200,"","",1,"honest",false,14,slice[0],true)}]`;
/** Uses a bit of everything, so that late and senseless records meet state of all kinds. */
const BUSY = esm(`{async fetch(request){
  if(request.headers.has("upgrade")){
    const {0:client,1:server}=new WebSocketPair();server.accept();
    server.addEventListener("message",({data})=>{server.send(data);if(Math.random()<.2)server.close(4000,"x");if(Math.random()<.1)throw 1});
    new WebSocket("ws://o.test/").onmessage=({data})=>server.send(data);
    return new Response(null,{status:101,webSocket:client});
  }
  setTimeout(()=>{},3);setInterval(()=>{},2);
  const answer=fetch("http://o.test/",{method:"POST",body:request.body});
  request.signal.addEventListener("abort",()=>console.log("aborted"));
  const text=await (await answer).text();
  return new Response(new ReadableStream({pull(c){c.enqueue(new Uint8Array(1000));if(Math.random()<.3)c.close()}}),{headers:{"x-text":text}});
},scheduled(){}}`);
const GOOD = esm(`{async fetch(request){return new Response("good "+(await request.text()))}}`);

for (const kind of KINDS) {
  test(`${kind} cell survives isolates that put out random records`, async () => {
    await using host = new Harness({ kind, script: FAKE_IMAGE });
    const honest = await host.load(HONEST);
    let violations = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const bad = await host.load(NOISE);
      for (let n = 0; n < 8; n++) void host.fetch(bad, `http://a.test/${seed * 7919}`);
      assert.is((await within(WAIT_MS, host.fetch(honest), `the neighbour of seed ${seed}`)).body, "honest");
      await new Promise((resolve) => setTimeout(resolve, 3));
      const loss = host.losses.get(bad);
      if (loss === undefined) host.cell.dispose(bad);
      else {
        violations++;
        assert.ok(
          ["protocolError", "internalError"].includes(loss.cause),
          `${seed}: ${loss.cause} ${loss.message}`,
        );
      }
    }
    assert.ok(violations > ROUNDS / 3, `${violations}`);
    assert.equal(host.catastrophes, []);
    assert.not(host.losses.has(honest));
  });

  test(`${kind} cell and the runtime survive a host that sends random records`, async () => {
    const random = new Random(5);
    await using host = new Harness({ kind });
    const good = await host.load(GOOD);
    const busy = await host.load(BUSY);
    const id = (): number => 1 + random.int(6);
    const flat = (): Flat =>
      random.pick<Flat>([null, 0, 1, 2, 3, 4, 5, "", "text", "200", true, new Uint8Array(3), -1, 2 ** 40]);
    const body = (): FlatBody =>
      random.pick<FlatBody>([
        [BodyKind.none, null],
        [BodyKind.text, "t"],
        [BodyKind.stream, 2 * id()],
        [BodyKind.ref, id()],
        [BodyKind.copy, id()],
      ]);
    let last = 1;
    // Whatever else comes, no host opens an event twice: its costs would begin anew.
    const fresh = (): number => (last += 1 + random.int(2));
    const one = (event: number): InMessage =>
      random.pick<() => InMessage>([
        () => ({
          type: In.fetch,
          event: fresh(),
          method: random.pick(["GET", "POST", "", "bad method"]),
          url: random.pick(["http://a/", "nonsense", ""]),
          headers: random.pick(["", "a\nb", "broken", "\n\n", "upgrade\nwebsocket"]),
          body: body(),
          cfJson: random.pick(["{}", "no json", "null"]),
        }),
        () => ({
          type: In.scheduled,
          event: fresh(),
          cron: "*",
          scheduledTimeMs: random.int(9),
        }),
        () => ({
          type: In.reply,
          event,
          call: id(),
          ok: random.int(2) === 0,
          values: Array.from({ length: random.int(8) }, flat),
        }),
        () => ({
          type: In.reply,
          event,
          call: id(),
          ok: true,
          values: [101, "", "", BodyKind.socket, 2 * id(), "", false],
        }),
        () => ({ type: In.timer, event, timer: id() }),
        () => ({ type: In.chunk, event, stream: id(), bytes: new Uint8Array(random.int(50)) }),
        () => ({ type: In.close, event, stream: id() }),
        () => ({ type: In.fail, event, stream: id(), message: "broke" }),
        () => ({ type: In.credit, event, stream: id(), bytes: random.int(9_999) }),
        () => ({ type: In.cancel, event, stream: id(), reason: "no" }),
        () => ({ type: In.abort, event, reason: "left" }),
        () => ({ type: In.drop, event }),
        () => ({ type: In.socketMessage, event, socket: id(), data: random.pick(["t", new Uint8Array(3)]) }),
        () => ({
          type: In.socketPart,
          event,
          socket: id(),
          isText: random.int(2) === 0,
          isLast: random.int(2) === 0,
          bytes: new Uint8Array(random.int(9)),
        }),
        () => ({ type: In.socketCredit, event, socket: id(), credit: random.int(9_999) }),
        () => ({
          type: In.socketClose,
          event,
          socket: id(),
          code: 1000 + random.int(20),
          reason: "r",
          wasClean: random.int(2) === 0,
        }),
      ])();
    for (let round = 0; round < ROUNDS * 3; round++) {
      const messages = Array.from({ length: 1 + random.int(6) }, () =>
        one(Math.max(1, last - random.int(4))),
      );
      for (const message of messages) last = Math.max(last, message.event);
      host.cell.deliver(random.int(20) === 0 ? 9_999 : busy, messages);
      if (round % 6 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (round % 30 === 0) {
        const answer = await within(
          WAIT_MS,
          host.fetch(good, "http://a.test/", [BodyKind.text, `${round}`]),
          "the neighbour",
        );
        assert.is(answer.body, `good ${round}`);
      }
    }
    assert.not(host.losses.has(busy), JSON.stringify(host.losses.get(busy)));
    assert.equal(host.catastrophes, []);
    // The isolate that got all that still answers.
    const event = last + 10;
    const answer = host.watch(busy, event);
    host.send(busy, {
      type: In.fetch,
      event,
      method: "GET",
      url: "http://a.test/",
      headers: "",
      body: [BodyKind.none, null],
      cfJson: "{}",
    });
    assert.match((await within(WAIT_MS, answer, "the tried isolate")).headers, "from http://o.test/");
  });
}

test.run();
