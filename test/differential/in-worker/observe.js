import { show } from "./show.js";

/**
 * What a case notes down: `see(label, value)`, where a value may be a promise, or a function whose result or error counts.
 * Each line of the report is a label, what was seen, and the texts of the errors in it.
 */
export function observe() {
  const lines = [];
  const see = async (label, what) => {
    const line = [label, "never settled", []];
    lines.push(line);
    const messages = line[2];
    try {
      line[1] = await show(await (typeof what === "function" ? what() : what), messages);
    } catch (error) {
      line[1] = { throws: await show(error, messages) };
    }
  };
  const pending = [];
  return {
    see: (label, what) => {
      const done = see(label, what);
      pending.push(done);
      return done;
    },
    report: async () => {
      await Promise.all(pending);
      return JSON.stringify({ lines });
    },
  };
}
