import type { Site } from "../subjects/site.ts";
import type { Ability, Served, Subject } from "../subjects/subject.ts";

/** One figure of an experiment. */
export interface Metric {
  readonly name: string;
  readonly unit: "us" | "requests/s" | "MB";
  readonly lessIsBetter: boolean;
  /** It is a part of what clients wait for, which only the server itself can tell. */
  readonly phase?: true;
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
export type Samples = Readonly<Record<string, readonly number[]>>;

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
  /** Whether a subject can take part that could, such as a thread for each of ten thousand tenants. */
  admits?(subject: Subject, size: Size): boolean;
  measure(served: Served, site: Site, size: Size): Promise<Samples>;
}

/** Time, as clients see it. */
export const FIRST_BYTE: Metric = { name: "first byte", unit: "us", lessIsBetter: true };
export const WHOLE: Metric = { name: "whole answer", unit: "us", lessIsBetter: true };
/** What an isolate's start is made of, as Skerry tells of it. */
export const PHASES: readonly Metric[] = ["claim", "compile", "evaluate"].map((name) => ({
  name,
  unit: "us",
  lessIsBetter: true,
  phase: true,
}));
export const THROUGHPUT: Metric = { name: "throughput", unit: "requests/s", lessIsBetter: false };
