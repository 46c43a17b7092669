/** Colours that stay apart from each other on light and on dark paper. */
const COLORS = [
  "#d9480f",
  "#f08c00",
  "#1c7ed6",
  "#4dabf7",
  "#2f9e44",
  "#74b816",
  "#9c36b5",
  "#da77f2",
  "#868e96",
  "#0c8599",
  "#66d9e8",
  "#a8703a",
  "#e64980",
  "#5f3dc4",
];

/** Gives each subject its colour, the same on all plots of a page. */
export function subjectColors(subjects: readonly string[]): { domain: string[]; range: string[] } {
  return { domain: [...subjects], range: subjects.map((_, index) => COLORS[index % COLORS.length]!) };
}
