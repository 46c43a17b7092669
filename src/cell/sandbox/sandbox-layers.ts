import type { InsideFacts } from "./inside-probe.ts";
import type { LayerName, SandboxLayer } from "./sandbox-report.ts";

/** What the layers are made from. */
export interface LayerSources {
  readonly facts: InsideFacts;
  /** How the cell is enclosed, and why not in a stronger way. */
  readonly enclosure: string;
  readonly failures: readonly string[];
  /** What control groups hold; empty if nothing. */
  readonly groups: readonly string[];
  readonly groupsWhy: string;
}

interface LayerText {
  readonly about: string;
  readonly essential: boolean;
  readonly remedy: string;
}

const ENCLOSE =
  "install bubblewrap, or let this user make namespaces (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0)";
const TEXTS: Readonly<Record<LayerName, LayerText>> = {
  files: {
    about: "sees no file but Skerry's code, Node and libraries; can write none",
    essential: true,
    remedy: ENCLOSE,
  },
  network: { about: "has no network, and no Unix sockets of the host", essential: true, remedy: ENCLOSE },
  processes: { about: "sees and reaches no process but its own", essential: true, remedy: ENCLOSE },
  user: {
    about: "runs as a user of its own",
    essential: false,
    remedy:
      "start the host as root, which it is to its cells alone; code and Node must be readable for others",
  },
  privileges: {
    about: "cannot gain privileges, has no capabilities",
    essential: true,
    remedy: "install util-linux (setpriv)",
  },
  limits: {
    about: "no core dumps, next to no bytes to files, few descriptors and threads",
    essential: true,
    remedy: "install util-linux (prlimit)",
  },
  permissions: {
    about: "Node refuses files, processes and sockets to JavaScript outside isolates",
    essential: false,
    remedy: "take a Node that has --permission",
  },
  environment: { about: "has no environment variables", essential: false, remedy: "" },
  oom: {
    about: "is ended before the host when memory is short",
    essential: false,
    remedy: "install util-linux (choom)",
  },
  cgroup: {
    about: "the kernel holds it to its memory and tasks",
    essential: false,
    remedy: "start the host as root, or in a systemd unit with Delegate=yes and DelegateSubgroup=host",
  },
  syscalls: {
    about: "may make only some system calls",
    essential: false,
    remedy:
      "run the host in a systemd unit with SystemCallFilter=, or a container with a seccomp profile: cells inherit it",
  },
};

/** Tells of each layer whether it holds, by what a process inside saw. */
export function sandboxLayers({
  facts,
  enclosure,
  failures,
  groups,
  groupsWhy,
}: LayerSources): SandboxLayer[] {
  const why = failures.length === 0 ? "this machine has no tool for it" : failures.join("; ");
  const by = `by ${enclosure}`;
  const state: Readonly<Record<LayerName, readonly [applied: boolean, how: string, why: string]>> = {
    files: [facts.ownFiles, by, why],
    network: [facts.noNetwork, by, why],
    processes: [facts.ownProcesses, by, why],
    user: [
      facts.user !== 0 && facts.user !== process.geteuid?.(),
      `user ${facts.user} and on`,
      "it has the host's user",
    ],
    privileges: [
      facts.noNewPrivileges && facts.noCapabilities,
      "no_new_privs, empty bounding set",
      "no setpriv",
    ],
    limits: [facts.limits, facts.counted ? "prlimit" : "prlimit, without a bound of threads", "no prlimit"],
    permissions: [facts.permissions, "--permission", "this Node has none"],
    environment: [facts.noEnvironment, "started with none", "it has some"],
    oom: [facts.oom, "oom_score_adj", "no choom"],
    cgroup: [groups.length > 0, groups.join(", "), groupsWhy],
    syscalls: [
      facts.filtered,
      "inherited from the host",
      "no tool on this machine both makes and loads a filter",
    ],
  };
  return (Object.keys(TEXTS) as LayerName[]).map((name) => {
    const { about, essential, remedy } = TEXTS[name];
    const [applied, how, reason] = state[name];
    return { name, essential, applied, about, detail: applied ? how : reason, ...(!applied && { remedy }) };
  });
}
