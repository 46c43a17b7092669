import { bubblewrapArgs } from "./bubblewrap.ts";
import type { CellFiles } from "./cell-files.ts";
import { nextCellUser } from "./cell-user.ts";
import { namespaceArgs } from "./namespaces.ts";
import { OOM_SCORE } from "./oom-score.ts";
import { permissionFlags } from "./permission-flags.ts";
import { privilegeArgs } from "./privileges.ts";
import { resourceLimits } from "./resource-limits.ts";
import type { Libraries } from "./shared-libraries.ts";
import { SYSTEM_PATH, type SystemTools } from "./system-tools.ts";
import { visibleRoot } from "./visible-root.ts";

/** A way to start a cell. */
export interface Enclosure {
  readonly name: string;
  /** Whether a process in front of Node waits for it. */
  readonly wraps: boolean;
  /** Whether the cell's threads and processes are counted for it alone. */
  readonly counted: boolean;
  readonly env: Readonly<Record<string, string>>;
  /**
   * The command of one cell; each has a user of its own where users can be changed.
   *
   * @param inSession whether signals to the host's process group reach it: they are the host's to act on
   */
  command(nodeArgs: readonly string[], inSession?: boolean): string[];
}

export interface EnclosureOptions {
  readonly tools: SystemTools;
  readonly files: CellFiles;
  readonly libraries: Libraries;
  /** An empty folder. */
  readonly base: string;
}

/** What a cell becomes Node by, in its place already. */
interface Inner {
  /** Absent: stays the user that it is. */
  readonly user?: number | undefined;
  readonly drop: boolean;
  readonly diesWithParent: boolean;
  readonly counted: boolean;
  readonly closed: boolean;
}

/** Ways to start a cell on this machine, the strongest first. Which of them work is for a probe to say. */
export function enclosures(options: EnclosureOptions): Enclosure[] {
  const { tools, files, libraries, base } = options;
  const { bwrap, choom, chroot, mount, prlimit, setpriv, sh, unshare } = tools;
  const isRoot = process.geteuid?.() === 0;
  const programs = [prlimit, setpriv].filter((tool) => tool !== undefined);
  const root = visibleRoot(files, libraries, programs);

  const inside = (inner: Inner, nodeArgs: readonly string[]): string[] => [
    ...(prlimit === undefined ? [] : [prlimit, ...resourceLimits(inner.counted)]),
    ...(setpriv === undefined ? [] : [setpriv, ...privilegeArgs(inner), "--"]),
    files.node,
    ...permissionFlags(files, inner.closed),
    ...nodeArgs,
  ];
  // What stands in front of Node ends with the host: a cell whose loop stands still does not see that its pipe is closed.
  // What must not begin as root gives that up first.
  const before = (asRoot: boolean): string[] => {
    if (setpriv === undefined) return [];
    const own = { user: nextCellUser(), drop: isRoot, diesWithParent: true };
    return [setpriv, ...(asRoot ? ["--pdeathsig=KILL"] : privilegeArgs(own)), "--"];
  };

  // What waits in front of Node would end by a signal that the cell itself leaves to the host.
  const deaf = (inSession: boolean): string[] =>
    inSession && sh !== undefined ? [sh, "-c", `trap "" INT TERM; exec "$@"`, "sh"] : [];
  const score = choom === undefined ? [] : [choom, "-n", String(OOM_SCORE), "--"];

  const found: Enclosure[] = [];
  const inNamespace = { drop: true, diesWithParent: false, counted: true, closed: true };
  if (bwrap !== undefined && setpriv !== undefined) {
    found.push({
      name: "bubblewrap",
      env: {},
      wraps: true,
      counted: true,
      command: (args, inSession = false) => [
        ...deaf(inSession),
        ...score,
        ...before(false),
        bwrap,
        ...bubblewrapArgs(root, inside(inNamespace, args)),
      ],
    });
  }
  if (unshare && sh && chroot && mount && setpriv) {
    const env = { PATH: SYSTEM_PATH };
    const namespaces = (user: boolean, command: readonly string[]): string[] => [
      unshare,
      ...namespaceArgs({ sh, chroot, base, root, user }, command),
    ];
    if (isRoot) {
      found.unshift({
        name: "namespaces",
        env,
        wraps: true,
        counted: true,
        command: (args, inSession = false) => {
          const inner = { ...inNamespace, user: nextCellUser(), diesWithParent: true };
          return [...deaf(inSession), ...score, ...before(true), ...namespaces(false, inside(inner, args))];
        },
      });
    }
    found.push({
      name: "user namespace",
      env,
      wraps: true,
      counted: true,
      command: (args, inSession = false) => [
        ...deaf(inSession),
        ...score,
        ...before(false),
        ...namespaces(true, inside(inNamespace, args)),
      ],
    });
  }
  if (setpriv !== undefined) {
    const counted = isRoot;
    found.push({
      name: "none",
      env: {},
      wraps: false,
      counted,
      command: (args) => {
        const inner = { user: nextCellUser(), drop: isRoot, diesWithParent: true, counted, closed: false };
        return [...score, ...inside(inner, args)];
      },
    });
  }
  const bare = { name: "none", env: {}, wraps: false, counted: false };
  found.push(
    { ...bare, command: (args) => [files.node, ...permissionFlags(files, false), ...args] },
    { ...bare, command: (args) => [files.node, ...args] },
  );
  return found;
}
