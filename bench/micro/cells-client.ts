/**
 * The client of the scenario `cells`, in a process of its own: connections that each ask again as soon as they are
 * answered, for some time. Takes `{port, host, connections, timeMs}` as JSON, and prints `{count, samplesUs}`.
 *
 * The laboratory's (`bench/load/client.ts`) checks each body and takes the time of first bytes: half as much CPU again for
 * each request, which it would take from the host on the same cores.
 */
import { connect, type Socket } from "node:net";
import { thin } from "../statistics/thin.ts";

export interface Load {
  readonly port: number;
  /** The `Host` header. */
  readonly host: string;
  readonly connections: number;
  readonly timeMs: number;
}

export interface LoadResult {
  readonly count: number;
  /** How long answers took, in microseconds: a sample of at most 20,000. */
  readonly samplesUs: readonly number[];
}

const MOST_SAMPLES = 20_000;
const HEAD_END = "\r\n\r\n";

if (process.argv[2] !== undefined) {
  const load = JSON.parse(process.argv[2]) as Load;
  const request = `GET / HTTP/1.1\r\nHost: ${load.host}\r\n\r\n`;
  const samples: number[] = [];
  let count = 0;
  const until = performance.now() + load.timeMs;
  await Promise.all(Array.from({ length: load.connections }, () => run()));
  const samplesUs = thin(samples, MOST_SAMPLES);
  process.stdout.write(JSON.stringify({ count, samplesUs } as LoadResult));

  function run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket: Socket = connect({ port: load.port, host: "127.0.0.1", noDelay: true });
      let text = "";
      let beganMs = 0;
      const ask = (): void => {
        beganMs = performance.now();
        socket.write(request);
      };
      socket.setEncoding("latin1");
      socket.on("connect", ask);
      socket.on("error", reject);
      socket.on("close", () => resolve());
      socket.on("data", (part: string) => {
        text += part;
        const head = text.indexOf(HEAD_END);
        if (head === -1) return;
        if (!text.startsWith("HTTP/1.1 200 "))
          return reject(new Error(`the host answered ${text.slice(0, head)}`));
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
        if (text.length < head + HEAD_END.length + length) return;
        const now = performance.now();
        samples.push((now - beganMs) * 1_000);
        count++;
        text = "";
        if (now < until) ask();
        else socket.end();
      });
    });
  }
}
