import type { LabRecord } from "../../../bench/laboratory/records.ts";
import { SHORT_SIZE, THROUGHPUT, WHOLE } from "../../../bench/laboratory/experiment.ts";
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
      .map((subject) => ({ type: "subject", subject, title: `${subject} & Co.`, version: "1.0" }) as const),
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
