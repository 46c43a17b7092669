import { test } from "uvu";
import * as assert from "uvu/assert";
import { choosePinning } from "../../bench/laboratory/pinning.ts";
import { onProcessors, setProcessors } from "../../bench/load/on-processors.ts";

const yes = (): boolean => true;
const no = (): boolean => false;
/** As in a container that was given every second one. */
const EIGHT = [0, 2, 4, 6, 8, 10, 12, 14];

test("auto gives the client the last of four or more processors, and else nothing", () => {
  const { client, servers } = choosePinning("auto", [0, 1, 2, 3], yes);
  assert.equal([client, servers], ["3", "0,1,2"]);
  assert.is(choosePinning("auto", [0, 1], yes).client, null);
  assert.match(choosePinning("auto", [0, 1], yes).text, "not pinned: 2 are too few");
  assert.match(choosePinning("auto", EIGHT, no).text, "taskset is missing");
  assert.equal(
    [choosePinning("auto", EIGHT, yes).client, choosePinning("auto", EIGHT, yes).servers],
    ["14", "0,2,4,6,8,10,12"],
  );
  assert.is(choosePinning("off", EIGHT, yes).client, null);
});

test("a processor that is named is the client's, or it is said why not", () => {
  const { client, servers, text } = choosePinning("0", [0, 1], yes);
  assert.equal([client, servers], ["0", "1"]);
  assert.match(text, "client on 0, servers on 1");
  assert.throws(() => choosePinning("0", [0, 1], no), /taskset is missing/);
  for (const wanted of ["2", "-1", "0,1", "", "last"])
    assert.throws(
      () => choosePinning(wanted, [0, 1], yes),
      ({ message }: Error) => message.includes(`--pin is ${JSON.stringify(wanted)}; it must be`),
    );
});

test("commands run by taskset while processors are said, and by themselves when not", () => {
  setProcessors("client", "3");
  assert.equal(onProcessors("client", "node", ["a.ts"]), ["taskset", ["-c", "3", "node", "a.ts"]]);
  setProcessors("client", null);
  assert.equal(onProcessors("client", "node", ["a.ts"]), ["node", ["a.ts"]]);
});

test.run();
