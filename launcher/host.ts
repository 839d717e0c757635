/** A user of the host's operating system, as whom a process runs. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A program and what it is started with. The environment is exactly what is given: nothing is inherited. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Absent: the user who runs the launcher. */
  readonly account?: Account;
}

/** What a command that ran to its end left behind. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One process, told apart from a later one that was given the same number by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; only compared. */
  readonly startMark: string;
}

/** A living process as the host sees it. */
export interface ProcessState extends ProcessIdentity {
  /** The program as it was called. */
  readonly program: string;
  /** Its command line, arguments joined by spaces. */
  readonly command: string;
  /** Its working directory, where the host tells. */
  readonly directory?: string;
}

/** What a process and all it started take together. */
export interface Usage {
  /** Memory of their own and their share of what they hold in common, in bytes. */
  readonly memoryBytes: number;
  /** Processor time of those that live, in milliseconds. */
  readonly cpuMs: number;
}

export interface FileOptions {
  readonly mode: number;
  /** Who owns it; absent: the user who runs the launcher. */
  readonly account?: Account;
}

/** What lies at a path of a host; of a link the link itself, not where it leads. */
export interface Entry {
  readonly kind: "file" | "directory" | "link" | "other";
  readonly sizeBytes: number;
  /** Who may do what with it: 0o700. */
  readonly mode: number;
  /** The number of its owner. */
  readonly uid: number;
  /** Its path when every link in it is followed; absent for a link that leads nowhere. */
  readonly realPath?: string;
}

/**
 * The only way a component is acted on at a host (its programs, files, logs, archive, disk and processes), so that
 * where a host is becomes a driver: this machine first (`loopback.ts`), network namespaces (`hosts/`), and machines
 * reached by ssh later. What an instance keeps for its supervisor (`instance.json`, secrets, records of processes, the
 * lock, its authority) lies on the supervisor's own machine, as npm's PostgreSQL does, and is no business of a host.
 *
 * Paths are absolute. What fails throws an error with the system's `code`: ENOENT, EACCES, ENOSPC …
 */
export interface Host {
  readonly name: string;
  /** Where what runs on it listens, and others find it. */
  readonly address: string;
  /** Of the user as whom the launcher acts there: 0 is root, undefined where users have no numbers. */
  readonly uid: number | undefined;
  /** Where that user may keep what need not outlive a restart, the best place first. */
  readonly temporaryDirectories: readonly string[];
  /** Writes a whole file: readers see the old contents or the new, never a part. */
  putFile(path: string, contents: string, options: FileOptions): Promise<void>;
  /** Makes a directory, its parents too; owner and mode are set on the last one also where it exists. */
  putDirectory(path: string, options: FileOptions): Promise<void>;
  /** What is in a text file, from one of its bytes on or from the first; undefined where there is none. */
  readFile(path: string, fromByte?: number): Promise<string | undefined>;
  /** What lies there; undefined where nothing does. */
  look(path: string): Promise<Entry | undefined>;
  /** Names of what is in a directory, sorted; none where there is no directory. */
  list(directory: string): Promise<string[]>;
  /** Gives what is at `from` another place on the same disk in one step; a file that is there is replaced. */
  move(from: string, to: string): Promise<void>;
  /** Takes away what is there, with all that is in it; nothing where nothing is. */
  remove(path: string): Promise<void>;
  /** How many bytes may still be written to the disk that holds it by those who are not root. */
  roomBytes(path: string): Promise<number>;
  /** Runs a command to its end. Throws when it cannot be started or takes longer than `timeoutMs`. */
  run(command: Command, timeoutMs: number): Promise<Finished>;
  /** Starts a process that outlives its launcher and hears no terminal; its output goes to `outputFile`. */
  start(command: Command, outputFile: string): Promise<ProcessIdentity>;
  /** The living process of that number; undefined where there is none or only a zombie. */
  probe(pid: number): Promise<ProcessState | undefined>;
  /** What that process and its descendants take; undefined where it is gone or the host does not tell. */
  usage(process: ProcessIdentity): Promise<Usage | undefined>;
  /** Signals that process if it is still the same one, and waits; false when it is there after `timeoutMs`. */
  stop(process: ProcessIdentity, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean>;
  /**
   * Kills what a process that is gone left behind: those of its group that work in `directory`, which nobody but its
   * component does. Workers of a master that was killed go on serving, and hold its ports.
   */
  endGroup(leader: number, directory: string): Promise<void>;
}

/** Whether that process, and not a later one with its number, lives at a host. */
export const isAlive = async (
  host: Pick<Host, "probe">,
  { pid, startMark }: ProcessIdentity,
): Promise<boolean> => (await host.probe(pid))?.startMark === startMark;
