// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { root, run } from '../lib/binary.mjs';

test('the version is printed', async () => {
  const { status, stdout } = await run(['version']);
  assert.equal(status, 0);
  assert.match(stdout, /^partnerd \d+\.\d+\.\d+/);
});

test('a file that is no ledger is told to be none', async () => {
  for (const file of ['README.md', '/dev/null']) {
    const { status, stdout } = await run(['verify', file.replace(/^R/, `${root}R`)]);
    assert.equal(status, 1);
    assert.match(stdout, /^line 1: .*\n(?:.*\n)*verify: failed, this is no file of books: \d+ findings$/m);
  }
});

test('wrong usage ends with 2 and says how it is right', async () => {
  for (const args of [[], ['no-such-command']]) {
    const { status, stdout, stderr } = await run(args);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /Usage: partnerd/i);
  }
});

test('make takes a folder with a space in its name', () => {
  for (const target of ['demo', 'run']) {
    const lines = execFileSync('make', ['-n', '-C', root, target, 'DATA=/a b'], { encoding: 'utf8' });
    assert.match(lines, /--data "\/a b" --listen/, target);
  }
});
