import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../scripts/project-root.mjs';

const execute = promisify(execFile);
/** The tools that the package is tested with, and their versions. */
export const NEIGHBOURS = {
  '@arethetypeswrong/cli': '^0.18.5',
  '@lit-labs/ssr': '^4.1.0',
  '@types/node': '^22.20.5',
  '@types/react': '^19.3.0',
  esbuild: '^0.28.0',
  publint: '^0.3.25',
  react: '^19.3.1',
  'react-dom': '^19.3.1',
  svelte: '^5.57.3',
  typescript: '^6.0.3',
  vite: '^8.3.8',
  vue: '^3.5.45',
  webpack: '^5.112.2',
  'webpack-cli': '^7.0.0',
};

/** A build takes minutes on a busy machine; beyond this, it never ends. */
const INSTALL_MS = 1_200_000;
const ELEMENT = 'voice-agent-element';
const AGENT = 'voice-agent-local';

/** A project outside the checkout, in which the packed tarballs are installed as a user installs them. */
export interface PackedProject extends AsyncDisposable {
  readonly folder: string;
  readonly tarball: string;
  /** Tarball of the local agent. */
  readonly agentTarball: string;
  /** Folder of the installed package. */
  readonly installed: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Runs a program of the project. @returns its output @throws Error with its output, if it fails */
  run(command: string, parameters?: readonly string[]): Promise<string>;
}

/** Runs a program. @returns its output @throws Error with its output, if it fails */
export async function runIn(folder: string, command: string, parameters: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await execute(command, parameters, {
      cwd: folder,
      timeout: INSTALL_MS,
      maxBuffer: 16_000_000,
      env: { ...process.env, NO_COLOR: '1', NODE_ENV: '', VITEST: undefined },
    });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Packs the built checkout. @returns path of the tarball */
export async function packCheckout(folder: string): Promise<string> {
  await runIn(projectRoot, 'npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);
  return findTarball(folder, ELEMENT);
}

/**
 * Packs a clean copy of the checkout, without `dist/` and all else that git ignores, as after `git clone`.
 *
 * @param folder for the tarballs of the element and of the local agent
 */
async function packCleanCopy(folder: string): Promise<void> {
  const copy = join(folder, 'clone');
  const kinds = ['--cached', '--others', '--exclude-standard'];
  const listed = await runIn(projectRoot, 'git', ['ls-files', '-z', ...kinds]);
  for (const file of listed.split('\0').filter((each) => each !== '')) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await copyFile(join(projectRoot, file), join(copy, file)).catch((error: unknown) => {
      // The list also has deleted files whose deletion is not committed yet.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
  await symlink(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  await runIn(copy, 'npm', ['pack', '--pack-destination', folder]);
  await runIn(copy, 'npm', ['pack', '--workspace', 'agent', '--pack-destination', folder]);
  await rm(copy, { recursive: true, force: true });
}

/** @param name of the package */
async function findTarball(folder: string, name: string): Promise<string> {
  const tarball = (await readdir(folder)).find(
    (file) => file.startsWith(`${name}-`) && file.endsWith('.tgz'),
  );
  if (tarball === undefined) throw new Error('npm pack made no tarball.');
  return join(folder, tarball);
}

/** @param packages npm names with versions, which are installed, too */
export async function createPackedProject(
  packages: Readonly<Record<string, string>>,
): Promise<PackedProject> {
  const base = await mkdtemp(join(tmpdir(), 'voice-agent-packed-'));
  await packCleanCopy(base);
  const tarball = await findTarball(base, ELEMENT);
  const agentTarball = await findTarball(base, AGENT);
  const folder = join(base, 'project');
  await mkdir(folder);
  const write = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  };
  await write({
    'package.json': JSON.stringify({
      name: 'packed-project',
      private: true,
      type: 'module',
      dependencies: { ...packages, [ELEMENT]: `file:${tarball}`, [AGENT]: `file:${agentTarball}` },
    }),
  });
  await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']);
  return {
    folder,
    tarball,
    agentTarball,
    installed: join(folder, 'node_modules', ELEMENT),
    write,
    run: (command, parameters = []) =>
      command === 'node'
        ? runIn(folder, process.execPath, parameters)
        : runIn(folder, join(folder, 'node_modules/.bin', command), parameters),
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
}
