import type { LabRecord } from "../../../bench/laboratory/records.ts";
import { FIRST_BYTE, PHASES, SHORT_SIZE, THROUGHPUT, WHOLE } from "../../../bench/laboratory/experiment.ts";
import { seededRandom } from "../../../bench/statistics/random.ts";

/** Lines of a run in which each subject answers in about the time that is given for it. */
export function runRecords(timesUs: Readonly<Record<string, number>>, seed = 1): LabRecord[] {
  const random = seededRandom(seed);
  const experiments = ["warm-1", "warm-8"];
  return [
    {
      type: "run",
      startedAt: "2026-11-27T10:00:00.000Z",
      command: "npm run bench",
      ours: "skerry",
      size: SHORT_SIZE,
      machine: { cpu: "2 x <fast>" },
    },
    ...Object.keys(timesUs)
      .filter((subject) => subject !== "skerry-again")
      .map(
        (subject) =>
          ({
            type: "subject",
            subject,
            title: `${subject} & Co.`,
            version: "1.20261117.1",
            flags: "--experimental",
          }) as const,
      ),
    ...experiments.flatMap((experiment): LabRecord[] => [
      {
        type: "experiment",
        experiment,
        title: `${experiment} of all`,
        about: "A test.",
        metrics: [WHOLE, THROUGHPUT],
      },
      ...Object.entries(timesUs).flatMap(([subject, timeUs]) =>
        [0, 1, 2, 3, 4].map((round): LabRecord => {
          const samples = Array.from({ length: 60 }, () => timeUs * (0.9 + random() * 0.2));
          return {
            type: "samples",
            experiment,
            subject,
            round,
            samples: { [WHOLE.name]: samples, [THROUGHPUT.name]: [1e6 / timeUs] },
          };
        }),
      ),
      { type: "failure", experiment, subject: "bun", round: 0, message: "it <b>ended</b>\nwith more" },
    ]),
  ];
}

/** Lines of a run of `skerry bench`: cold starts with their phases, each of 100 us, and what the worker is made of. */
export function ownRecords(ours: string): LabRecord[] {
  const metrics = [FIRST_BYTE, ...PHASES];
  return [
    { type: "experiment", experiment: "cold-served-before", title: "Cold", about: "A test.", metrics },
    ...[ours, "smallest"].map((subject): LabRecord => ({
      type: "samples",
      experiment: "cold-served-before",
      subject,
      round: 0,
      samples: Object.fromEntries(
        metrics.map(({ name }) => [name, [name === FIRST_BYTE.name ? 1_500 : 100]]),
      ),
    })),
    {
      type: "worker",
      name: "<shop>",
      path: "/",
      hasCodeCache: true,
      codeBytes: 300_000,
      codeLines: 9_000,
      otherBytes: 0,
      moduleCount: 1,
      modules: [{ name: "index.js", type: "esm", bytes: 300_000 }],
      partCount: 2,
      parts: [
        { name: "package <zod>", bytes: 200_000 },
        { name: "index.ts", bytes: 90_000 },
      ],
      limits: { scriptBytes: 2 ** 26, memoryMb: 128, startupCpuMs: 400 },
    },
  ];
}
