/* The words in which the tests of this folder are written: a few of those that web-platform-tests have. */
const registered = [];

function test(name, body) {
  registered.push({ name, body });
}

function equal(actual, expected, what = "value") {
  const [a, b] = [show(actual), show(expected)];
  if (a !== b) throw new Error(`${what} is ${a}, not ${b}`);
}

function show(value) {
  if (value instanceof Uint8Array) return `bytes ${value}`;
  if (value instanceof ArrayBuffer) return `buffer ${new Uint8Array(value)}`;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** `name` is that of a class of errors or of a DOMException. */
function isError(error, name) {
  const isDom = error instanceof DOMException;
  if (error?.name !== name) throw new Error(`threw ${error?.name}: ${error?.message}, not ${name}`);
  if (!isDom && !(error instanceof (globalThis[name] ?? Error)))
    throw new Error(`the ${name} is not of this realm`);
}

function throws(name, body) {
  let thrown;
  try {
    body();
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`nothing was thrown, should be ${name}`);
  isError(thrown, name);
}

async function rejects(name, promise) {
  let reason;
  try {
    await promise;
  } catch (error) {
    reason = error;
  }
  if (reason === undefined) throw new Error(`nothing was rejected, should be ${name}`);
  isError(reason, name);
}

const bytes = (...values) => new Uint8Array(values);
const utf8 = (text) => new TextEncoder().encode(text);

/** A stream of these chunks. */
const streamOf = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

async function runAll() {
  const results = [];
  for (const { name, body } of registered) {
    try {
      await body();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error) });
    }
  }
  return JSON.stringify(results);
}
