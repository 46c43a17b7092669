import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blob } from "../../../runtime-api/blob/blob.ts";
import { FileReader } from "../../../runtime-api/file-reader/file-reader.ts";
import { ProgressEvent } from "../../../runtime-api/file-reader/progress-event.ts";
import { standInIo } from "../stand-in-io.ts";
import { ofKind } from "../../of-kind.ts";

/** Runs the tasks that wait, and those that they make, until none is left. */
function runTasks({ timers }: ReturnType<typeof standInIo>): void {
  while (timers.size > 0) {
    const [id, { callback }] = timers.entries().next().value!;
    timers.delete(id);
    callback();
  }
}

type Method = "readAsText" | "readAsArrayBuffer" | "readAsBinaryString" | "readAsDataURL";

function read(parts: unknown[], type: string, method: Method, label?: string): unknown {
  const seen = standInIo();
  const reader = new FileReader();
  reader[method](new Blob(parts, { type }), label as string);
  assert.is(reader.result, null);
  runTasks(seen);
  assert.is(reader.readyState, FileReader.DONE);
  return reader.result;
}

test("FileReader reads text by its mark, the caller's label, its type, or as UTF-8", () => {
  assert.is(read(["h\u00e9"], "", "readAsText"), "h\u00e9");
  assert.is(read([new Uint8Array([0x68, 0xe9])], "text/plain;charset=latin1", "readAsText"), "h\u00e9");
  assert.is(read([new Uint8Array([0, 0x68])], "text/plain;charset=latin1", "readAsText", "utf-16be"), "h");
  assert.is(read([new Uint8Array([0xff, 0xfe, 0x68, 0])], "", "readAsText", "utf-8"), "h");
});

test("FileReader reads bytes in three more forms", () => {
  const bytes = new Uint8Array([0, 255, 65]);
  assert.equal(new Uint8Array(read([bytes], "", "readAsArrayBuffer") as ArrayBuffer), bytes);
  assert.is(read([bytes], "", "readAsBinaryString"), "\0\u00ffA");
  assert.is(read([bytes], "", "readAsDataURL"), "data:application/octet-stream;base64,AP9B");
  assert.is(read([], "x/y", "readAsDataURL"), "data:x/y;base64,");
});

test("FileReader tells of a read by events, each in a task of its own", () => {
  for (const [parts, expected] of [
    [["abc"], ["loadstart 0/3", "progress 3/3", "load 3/3", "loadend 3/3"]],
    [[], ["loadstart 0/0", "load 0/0", "loadend 0/0"]],
  ] as const) {
    const seen = standInIo();
    const reader = new FileReader();
    const events: string[] = [];
    for (const type of ["loadstart", "progress", "load", "loadend", "error", "abort"]) {
      reader.addEventListener(type, (event) => {
        const { loaded, total } = event as ProgressEvent;
        events.push(`${event.type} ${loaded}/${total}`);
      });
    }
    reader.readAsText(new Blob([...parts]));
    assert.equal(events, []);
    runTasks(seen);
    assert.equal(events, expected);
  }
});

test("FileReader.abort ends the read at once, and another may begin in its events", () => {
  const seen = standInIo();
  const reader = new FileReader();
  const events: string[] = [];
  reader.abort();
  reader.onabort = () => {
    events.push("abort");
    reader.readAsText(new Blob(["second"]));
  };
  reader.onload = () => void events.push(reader.result as string);
  reader.onloadend = () => void events.push("loadend");
  reader.readAsText(new Blob(["first"]));
  reader.abort();
  assert.equal(events, ["abort"]);
  runTasks(seen);
  assert.equal(events, ["abort", "second", "loadend"]);
});

test("FileReader reads one blob at a time, and nothing else", () => {
  standInIo();
  const reader = new FileReader();
  assert.throws(() => reader.readAsText("text" as never), ofKind(TypeError));
  reader.readAsText(new Blob());
  assert.throws(
    () => reader.readAsText(new Blob()),
    (error: Error) => error.name === "InvalidStateError",
  );
  assert.is(new FileReader().LOADING, 1);
});

test("ProgressEvent counts as Web IDL does", () => {
  const event = new ProgressEvent("x", { lengthComputable: true, loaded: 1.9, total: -1 });
  assert.equal([event.lengthComputable, event.loaded, event.total], [true, 1, 2 ** 64]);
  assert.is(new ProgressEvent("x", { loaded: NaN }).loaded, 0);
});

test.run();
