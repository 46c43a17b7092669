import type { Samples } from "../statistics/distribution.ts";
import type { Site } from "../subjects/site.ts";
import type { Ability, Served, Subject } from "../subjects/subject.ts";

/** One figure of an experiment. */
export interface Metric {
  readonly name: string;
  readonly unit: "us" | "requests/s" | "MB";
  readonly lessIsBetter: boolean;
  /** It is a part of what clients wait for, which only the server itself can tell. */
  readonly phase?: true;
  /** What is done in a phase. */
  readonly meaning?: string;
}

/** How much is measured. */
export interface Size {
  /** How many times each subject is started and measured, in turn with the others. */
  readonly rounds: number;
  /** How long a load goes on, in ms. */
  readonly loadMs: number;
  /** Cold starts in each round. */
  readonly coldStarts: number;
  /** The most tenants that one server has. */
  readonly mostTenants: number;
}

/** The whole run. */
export const FULL_SIZE: Size = { rounds: 5, loadMs: 3_000, coldStarts: 60, mostTenants: 10_000 };
/** Shows that all works; its figures mean nothing. */
export const SHORT_SIZE: Size = { rounds: 2, loadMs: 100, coldStarts: 3, mostTenants: 10 };

/** Samples by the name of the metric. */
export type SamplesByName = Readonly<Record<string, Samples>>;

/** What one round of one subject gave. */
export interface Measured {
  readonly samples: SamplesByName;
  /** Share of the time in which the client's thread was busy, where that matters; see `LoadResult`. */
  readonly clientBusy?: number;
}

/** Something that is measured of one subject after the other, in the same way. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** What is measured, for whoever reads the report. */
  readonly about: string;
  /** What a subject must be able to do to take part. */
  readonly needs: readonly Ability[];
  readonly metrics: readonly Metric[];
  site(size: Size, originUrl: string): Site;
  /** About how long one round of one subject takes on two cores once its server listens, in ms. */
  takesMs(size: Size): number;
  /** Whether a subject can take part that could, such as a thread for each of ten thousand tenants. */
  admits?(subject: Subject, size: Size): boolean;
  measure(served: Served, site: Site, size: Size, round: number): Promise<Measured>;
}

/** Time, as clients see it. */
export const FIRST_BYTE: Metric = { name: "first byte", unit: "us", lessIsBetter: true };
export const WHOLE: Metric = { name: "whole answer", unit: "us", lessIsBetter: true };
/** What a cold start is made of in the host, as Skerry tells of it; one follows the other. */
export const PHASES: readonly Metric[] = [
  ["accept", "head, route and admission, until the request may run"],
  ["place", "a cell and room for one more isolate; who has to go goes"],
  ["code", "the version's code and code cache, read and put to the cell"],
  ["to cell", "the way to the cell and back, with the checks on it"],
  ["claim", "an isolate that waits, or a new one"],
  ["compile", "V8 compiles the script, or takes it from the code cache"],
  ["evaluate", "the top level of the modules runs"],
  ["first turn", "the request goes in, the handler runs, the answer comes out and is checked"],
  ["write", "the answer is put to the socket"],
].map(([name, meaning]) => ({ name: name!, meaning: meaning!, unit: "us", lessIsBetter: true, phase: true }));
/** How much later than the schedule a client itself was, which is a part of its times. */
export const CLIENT_LATE: Metric = {
  name: "the client's own delay, a part of it",
  unit: "us",
  lessIsBetter: true,
};
/** Of all processes of a server, while it serves. */
export const MEMORY: Metric = { name: "memory", unit: "MB", lessIsBetter: true };
export const THROUGHPUT: Metric = { name: "throughput", unit: "requests/s", lessIsBetter: false };
