import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Cell, CellDeath, DeathReason } from "../../src/cell/cell.ts";
import type { Version } from "../../src/versions/version.ts";
import type { BlameReport } from "../../src/warm/blame.ts";
import { Judge } from "../../src/warm/judge.ts";
import { Place } from "../../src/warm/place.ts";

interface Case {
  readonly name: string;
  readonly reason: DeathReason;
  /** Workers of the isolates 1, 2, … that live in the cell. */
  readonly inhabitants: readonly string[];
  /** Isolate and how long it had run. */
  readonly suspects: readonly (readonly [isolate: number, ranMs: number])[];
  readonly culprit: number | null;
  readonly expected: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "the one that the cell named",
    reason: "unstoppable",
    inhabitants: ["a", "b"],
    suspects: [
      [2, 1],
      [1, 300],
    ],
    culprit: 1,
    expected: ["a culprit"],
  },
  {
    name: "the only one that ran",
    reason: "crashed",
    inhabitants: ["a", "b"],
    suspects: [[1, 1]],
    culprit: 1,
    expected: ["a culprit"],
  },
  {
    name: "each of several that ran, as a suspect",
    reason: "crashed",
    inhabitants: ["a", "b", "c"],
    suspects: [
      [2, 1],
      [1, 5],
    ],
    culprit: null,
    expected: ["b suspect", "a suspect"],
  },
  {
    name: "a worker that ran in several isolates, once",
    reason: "silent",
    inhabitants: ["a", "a", "b"],
    suspects: [
      [1, 1],
      [2, 1],
    ],
    culprit: null,
    expected: ["a culprit"],
  },
  {
    name: "for memory nobody for certain who merely ran",
    reason: "memory",
    inhabitants: ["a", "b"],
    suspects: [[1, 1]],
    culprit: null,
    expected: ["a suspect"],
  },
  {
    name: "for memory who is alone",
    reason: "memory",
    inhabitants: ["a", "a"],
    suspects: [[1, 1]],
    culprit: null,
    expected: ["a culprit"],
  },
  {
    name: "nobody where nobody ran",
    reason: "crashed",
    inhabitants: ["a"],
    suspects: [],
    culprit: null,
    expected: [],
  },
  {
    name: "nobody where somebody outside killed it",
    reason: "killed",
    inhabitants: ["a"],
    suspects: [[1, 200]],
    culprit: 1,
    expected: [],
  },
  {
    name: "who had run for long when it was killed, as a suspect",
    reason: "killed",
    inhabitants: ["a", "b"],
    suspects: [
      [1, 5_000],
      [2, 1],
    ],
    culprit: null,
    expected: ["a suspect"],
  },
  {
    name: "who was alone and had run for long when it was killed",
    reason: "killed",
    inhabitants: ["a"],
    suspects: [[1, 5_000]],
    culprit: 1,
    expected: ["a culprit"],
  },
  {
    name: "nobody for what gathered for it, whoever ran alone",
    reason: "backlog",
    inhabitants: ["a"],
    suspects: [[1, 5_000]],
    culprit: 1,
    expected: [],
  },
  {
    name: "nobody whom it does not know",
    reason: "crashed",
    inhabitants: ["a"],
    suspects: [[99, 1]],
    culprit: 99,
    expected: [],
  },
];

function version(worker: string): Version {
  return { account: "acme", worker, id: `v-${worker}` } as Version;
}

for (const { name, reason, inhabitants, suspects, culprit, expected } of CASES) {
  test(`Judge blames ${name} (${reason})`, () => {
    const reports: BlameReport[] = [];
    const judge = new Judge({
      now: () => 1,
      inhabitants: () => new Map(inhabitants.map((worker, i) => [i + 1, version(worker)])),
      eventOf: (_, event) => ({ kind: "fetch", method: "GET", url: `http://w/${event}?key=secret#part` }),
      report: (report) => reports.push(report),
    });
    const place = new Place({ kind: "process" } as Cell, "shared");
    const death: CellDeath = {
      reason,
      message: "gone",
      pid: 7,
      upMs: 2,
      rssBytes: 3,
      suspects: suspects.map(([isolate, ranMs]) => ({ isolate, versionKey: "", event: 4, ranMs })),
      culprit,
    };
    judge.died(place, death);
    assert.equal(
      reports.map(({ worker, verdict }) => `${worker} ${verdict}`),
      expected,
    );
    for (const report of reports) assert.is(report.event?.url, "http://w/4");
    for (const worker of ["a", "b", "c"]) {
      const part = expected.find((text) => text.startsWith(worker))?.split(" ")[1] ?? "bystander";
      assert.is(judge.verdictOn(place.cell).partOf(version(worker)), part);
    }
  });
}

test("Judge knows what an isolate ran that was lost before its cell", () => {
  const reports: BlameReport[] = [];
  const judge = new Judge({
    now: () => 1,
    inhabitants: () => new Map([[2, version("other")]]),
    eventOf: () => null,
    report: (report) => reports.push(report),
  });
  judge.noteLost(1, version("bad"), { kind: "fetch", method: "PUT", url: "http://w/x?y" });
  const place = new Place({ kind: "process" } as Cell, "shared");
  const suspects = [{ isolate: 1, versionKey: "", event: -1, ranMs: 300 }];
  judge.died(place, {
    reason: "unstoppable",
    message: "",
    pid: 7,
    upMs: 2,
    rssBytes: 3,
    suspects,
    culprit: 1,
  });
  assert.equal(
    [reports[0]!.worker, reports[0]!.event?.method, reports[0]!.event?.url],
    ["bad", "PUT", "http://w/x"],
  );
  assert.is(judge.lostVersion(1)?.worker, "bad");
  const inProcess = new Place({ kind: "in-process" } as Cell, "shared");
  judge.stuckInProcess(inProcess, 1, "stuck");
  assert.equal(
    [reports[1]!.verdict, reports[1]!.cell, reports[1]!.reason],
    ["culprit", "in-process", "unstoppable"],
  );
});

test.run();
