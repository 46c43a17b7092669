import ivm from "isolated-vm";
import { Mark } from "../../runtime-api/contract/boot.ts";
import { BodyKind, type Flat } from "../../runtime-api/contract/flat.ts";
import { In } from "../../runtime-api/contract/in.ts";
import { IMAGE_SCRIPT_NAME } from "../cell/version-code.ts";
import type { PartScripts } from "./ask/part.ts";
import { makeSpare } from "./spare.ts";

/** A worker that touches what most workers touch, so that those functions are in the cache. */
const WORKER = `[["main.js","esm",[],[],false,function*(imports,meta,dyn,define){"use strict";define({default:()=>d});yield;
const d={async fetch(request,env,ctx){
  const url=new URL(request.url);
  url.searchParams.get("a");
  const headers=new Headers({"content-type":"application/json","x-a":request.headers.get("accept")??"none"});
  ctx.waitUntil(Promise.resolve());
  const text=url.pathname==="/json"?(await request.json()).a:await request.text();
  console.log("warm",url.pathname,{text});
  setTimeout(()=>{},1);
  if(url.pathname==="/json")return Response.json({text,method:request.method},{headers});
  if(url.pathname==="/stream"){
    const {readable,writable}=new TransformStream();
    const writer=writable.getWriter();
    ctx.waitUntil(writer.write(new TextEncoder().encode(text)).then(()=>writer.close()));
    return new Response(readable.pipeThrough(new TransformStream()));
  }
  return new Response("hello",{status:200,headers});
}}}]]`;
const CONFIG = JSON.stringify({
  main: "main.js",
  env: [],
  liveClock: false,
  bodyBytes: 1024 * 1024,
  memoryMb: 128,
  wasmCompile: false,
});

/**
 * Boots a scratch isolate, serves a few requests in it and takes V8's code cache then, when the
 * functions that are compiled lazily are in it.
 */
export async function warmCodeCache(script: string, parts: PartScripts): Promise<Uint8Array | undefined> {
  const spare = await makeSpare({ script, parts, codeCache: undefined }, { memoryMb: 64 });
  try {
    const { isolate, context, doors } = spare;
    const worker = await isolate.compileScript(WORKER, { filename: "warm" });
    const modules = await worker.run(context, { reference: true });
    await doors.load.apply(undefined, [modules.derefInto(), new ivm.ExternalCopy([]).copyInto(), CONFIG, 1]);
    for (const [at, path] of ["/", "/json", "/stream"].entries()) {
      const record = [
        In.fetch,
        "POST",
        `http://warm.test${path}?a=1`,
        "accept\n*/*",
        BodyKind.text,
        '{"a":"body"}',
        "{}",
      ];
      await doors.deliver.apply(undefined, [[at + 1, 1, ...record] as Flat[]], { arguments: { copy: true } });
      await doors.collect.apply(undefined, [], { result: { copy: true } });
    }
    if (spare.ask.marks[Mark.event] !== -1) return undefined;
    const again = (await isolate.compileScript(script, {
      filename: IMAGE_SCRIPT_NAME,
      produceCachedData: true,
    })) as {
      readonly cachedData?: { copy(): ArrayBuffer };
    };
    return again.cachedData === undefined ? undefined : new Uint8Array(again.cachedData.copy());
  } finally {
    if (!spare.isolate.isDisposed) spare.isolate.dispose();
  }
}
