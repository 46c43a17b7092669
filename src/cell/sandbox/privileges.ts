/**
 * Arguments of `setpriv` that take from a process what it could gain or use: new privileges by programs with more,
 * and, where `drop` is set, all capabilities.
 *
 * @param options.user becomes this user and group, for root only
 * @param options.drop needs the right to do so: root, or a user namespace
 * @param options.diesWithParent ends by SIGKILL when its parent does; a change of user would undo an earlier wish
 */
export function privilegeArgs(options: {
  readonly user?: number | undefined;
  readonly drop: boolean;
  readonly diesWithParent: boolean;
}): string[] {
  const { user, drop, diesWithParent } = options;
  return [
    "--no-new-privs",
    ...(drop ? ["--bounding-set=-all", "--inh-caps=-all"] : []),
    ...(user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, "--clear-groups"]),
    ...(diesWithParent ? ["--pdeathsig=KILL"] : []),
  ];
}
