/** The numbers of the list of hostile behaviours, by chapter. Each stands in the table: run, tested elsewhere, or left out. */
export const CHAPTERS: readonly { readonly title: string; readonly numbers: readonly number[] }[] = [
  {
    title: "A. Escape attempts",
    numbers: [1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28],
  },
  {
    title: "B. CPU",
    numbers: [30, 31, 32, 34, 35, 36, 38, 39, 41, 42, 43, 45, 47, 48, 50, 51, 52, 54, 55, 56, 58, 59],
  },
  { title: "C. Memory", numbers: [60, 62, 63, 64, 66, 67, 68, 70, 72, 73, 75, 76, 77, 79, 80] },
  { title: "D. Floods of I/O", numbers: [83, 84, 85, 86, 89, 90, 91, 92, 93, 94, 96, 97, 99, 100] },
  { title: "E. Abuse of protocols by clients", numbers: [101, 102, 104, 106, 107, 108, 109, 111, 113, 115] },
  { title: "F. Misuse of streams and responses", numbers: [116, 117, 118, 120, 122, 123, 125, 126] },
  { title: "G. Abuse of storage", numbers: [127, 128, 130, 131, 132, 134, 135, 136, 138, 139] },
  {
    title: "H. Bad uploads and settings",
    numbers: [141, 142, 143, 145, 146, 147, 149, 150, 152, 153, 155, 156, 157],
  },
  { title: "I. Faults of operation", numbers: [159, 160, 161, 163, 164, 166, 167, 169, 171, 172, 173] },
];
