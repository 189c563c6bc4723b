/** What a command line program compiled to WASI needs of a computer: arguments, a clock, standard output and a few files, all in memory. */

const ERRNO_BADF = 8;
const ERRNO_NOENT = 44;
const ERRNO_SPIPE = 70;
const FILETYPE_CHARACTER_DEVICE = 2;
const FILETYPE_DIRECTORY = 3;
const FILETYPE_REGULAR_FILE = 4;
const OFLAG_CREAT = 1;
/** The one directory that the program may open files in. */
const DIRECTORY_FD = 3;
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;

class ProgramExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

class MemoryFile {
  #bytes = new Uint8Array(65_536);
  #length = 0;
  #position = 0;

  constructor(content?: Uint8Array) {
    if (content) this.write(content);
    this.#position = 0;
  }

  get content(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  rewind(): void {
    this.#position = 0;
  }

  seek(offset: number, whence: number): number {
    const origin = whence === 1 ? this.#position : whence === 2 ? this.#length : 0;
    this.#position = origin + offset;
    return this.#position;
  }

  read(target: Uint8Array): number {
    const chunk = this.content.subarray(this.#position, this.#position + target.length);
    target.set(chunk);
    this.#position += chunk.length;
    return chunk.length;
  }

  write(source: Uint8Array): void {
    const end = this.#position + source.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, end));
      grown.set(this.content);
      this.#bytes = grown;
    }
    this.#bytes.set(source, this.#position);
    this.#position = end;
    this.#length = Math.max(this.#length, end);
  }
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Every file that was given or written, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

class ProgramHost {
  readonly #files = new Map<string, MemoryFile>();
  readonly #open = new Map<number, MemoryFile>();
  readonly #arguments: Uint8Array[];
  readonly #stdout = new MemoryFile();
  #nextFd = DIRECTORY_FD + 1;
  #memory: WebAssembly.Memory | undefined;

  constructor(args: readonly string[], files: ReadonlyMap<string, Uint8Array>) {
    this.#arguments = args.map((text) => new TextEncoder().encode(`${text}\0`));
    for (const [name, content] of files) this.#files.set(name, new MemoryFile(content));
    this.#open.set(1, this.#stdout);
    this.#open.set(2, this.#stdout);
  }

  run(module: WebAssembly.Module): ProgramResult {
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: this.#functions() });
    this.#memory = instance.exports.memory as WebAssembly.Memory;
    let exitCode = 0;
    try {
      (instance.exports._start as () => void)();
    } catch (error) {
      if (!(error instanceof ProgramExit)) throw error;
      exitCode = error.code;
    }
    const files = new Map([...this.#files].map(([name, file]) => [name, file.content]));
    return { exitCode, stdout: new TextDecoder().decode(this.#stdout.content), files };
  }

  // Views are made anew on every call: the program's memory grows, which detaches the old ones.
  get #view(): DataView {
    return new DataView(this.#memory!.buffer);
  }

  #bytesAt(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory!.buffer, pointer, length);
  }

  #functions(): WebAssembly.ModuleImports {
    return { ...this.#processFunctions(), ...this.#descriptorFunctions(), ...this.#fileFunctions() };
  }

  #processFunctions(): WebAssembly.ModuleImports {
    return {
      args_sizes_get: (countPointer: number, sizePointer: number): number => {
        this.#view.setUint32(countPointer, this.#arguments.length, true);
        const size = this.#arguments.reduce((sum, argument) => sum + argument.length, 0);
        this.#view.setUint32(sizePointer, size, true);
        return 0;
      },
      args_get: (pointersPointer: number, bytesPointer: number): number => {
        let pointer = bytesPointer;
        this.#arguments.forEach((argument, index) => {
          this.#view.setUint32(pointersPointer + 4 * index, pointer, true);
          this.#bytesAt(pointer, argument.length).set(argument);
          pointer += argument.length;
        });
        return 0;
      },
      clock_time_get: (_clock: number, _precision: bigint, resultPointer: number): number => {
        this.#view.setBigUint64(resultPointer, 0n, true);
        return 0;
      },
      proc_exit: (code: number): never => {
        throw new ProgramExit(code);
      },
    };
  }

  #descriptorFunctions(): WebAssembly.ModuleImports {
    return {
      fd_fdstat_get: (fd: number, pointer: number): number => {
        const type =
          fd === DIRECTORY_FD
            ? FILETYPE_DIRECTORY
            : fd < DIRECTORY_FD
              ? FILETYPE_CHARACTER_DEVICE
              : FILETYPE_REGULAR_FILE;
        this.#bytesAt(pointer, 24).fill(0);
        this.#view.setUint8(pointer, type);
        this.#view.setBigUint64(pointer + 8, ALL_RIGHTS, true);
        this.#view.setBigUint64(pointer + 16, ALL_RIGHTS, true);
        return 0;
      },
      fd_fdstat_set_flags: (): number => 0,
      fd_prestat_get: (fd: number, pointer: number): number => {
        if (fd !== DIRECTORY_FD) return ERRNO_BADF;
        this.#view.setUint32(pointer, 0, true);
        this.#view.setUint32(pointer + 4, 1, true);
        return 0;
      },
      fd_prestat_dir_name: (_fd: number, pointer: number): number => {
        this.#bytesAt(pointer, 1).set([0x2e]);
        return 0;
      },
    };
  }

  #fileFunctions(): WebAssembly.ModuleImports {
    return {
      path_open: (...args: unknown[]): number => {
        const [, , namePointer, nameLength, openFlags] = args as number[];
        const name = new TextDecoder().decode(this.#bytesAt(namePointer!, nameLength!));
        let file = this.#files.get(name);
        if (!file) {
          if ((openFlags! & OFLAG_CREAT) === 0) return ERRNO_NOENT;
          file = new MemoryFile();
          this.#files.set(name, file);
        }
        file.rewind();
        this.#open.set(this.#nextFd, file);
        this.#view.setUint32(args[8] as number, this.#nextFd++, true);
        return 0;
      },
      fd_close: (fd: number): number => (this.#open.delete(fd) ? 0 : ERRNO_BADF),
      fd_seek: (fd: number, offset: bigint, whence: number, resultPointer: number): number => {
        const file = this.#open.get(fd);
        if (!file || fd < DIRECTORY_FD) return ERRNO_SPIPE;
        this.#view.setBigUint64(resultPointer, BigInt(file.seek(Number(offset), whence)), true);
        return 0;
      },
      fd_read: (fd: number, vectors: number, count: number, resultPointer: number): number =>
        this.#transfer(fd, vectors, count, resultPointer, (file, bytes) => file.read(bytes)),
      fd_write: (fd: number, vectors: number, count: number, resultPointer: number): number =>
        this.#transfer(fd, vectors, count, resultPointer, (file, bytes) => {
          file.write(bytes);
          return bytes.length;
        }),
    };
  }

  #transfer(
    fd: number,
    vectors: number,
    count: number,
    resultPointer: number,
    move: (file: MemoryFile, bytes: Uint8Array) => number,
  ): number {
    const file = this.#open.get(fd);
    if (!file) return ERRNO_BADF;
    let total = 0;
    for (let index = 0; index < count; index++) {
      const pointer = this.#view.getUint32(vectors + 8 * index, true);
      const length = this.#view.getUint32(vectors + 8 * index + 4, true);
      total += move(file, this.#bytesAt(pointer, length));
    }
    this.#view.setUint32(resultPointer, total, true);
    return 0;
  }
}

/**
 * Runs a WASI command (preview 1) to its end, synchronously, with nothing of this machine in reach.
 *
 * @param args the whole command line, the program's name included
 * @param files what the program finds in its working directory
 */
export function runProgram(
  module: WebAssembly.Module,
  args: readonly string[],
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): ProgramResult {
  return new ProgramHost(args, files).run(module);
}
