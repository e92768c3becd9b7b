// SPDX-License-Identifier: Apache-2.0
//
// Every test there is: `make test`.
//
//   node tests/run.mjs [TEXT...]
//
// 1. tools/tidy, and the unit tests on SQLite and on PostgreSQL, side by side
// 2. tests/KIND/*.test.mjs under Node's test runner: scenarios, browser, fault …
//
// TEXT picks the unit tests and the files whose names contain it. The runners'
// closing lines are shown, everything of a runner that failed, and at the end
// one line with the sums. Full outputs stay in build/logs/.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { binary, complaint, root, sanitizers } from './lib/binary.mjs';

const LIMIT_MINUTES = { unit: 10, tidy: 2, node: 20 };
const picked = process.argv.slice(2);
process.chdir(root);

if (!process.env.PARTNERD_PG_URL) {
  const inside = ['--no-fsync', '--', process.execPath, 'tests/run.mjs', ...picked];
  const { status } = spawnSync('tests/pg', inside, { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const running = new Set();
mkdirSync('build/logs', { recursive: true });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) kill(child);
    process.exit(130);
  });
}

function kill(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch { /* it ended by itself */ }
}

// Run a program in a process group of its own; everything in it is gone afterwards.
function execute(command, args, { env = {}, minutes }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      detached: true,
      env: { ...process.env, ...sanitizers, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (text) => { output += text; };
    const timer = setTimeout(() => {
      keep(`\nstopped: not ready after ${minutes} minutes\n`);
      kill(child);
    }, minutes * 60_000);
    running.add(child);
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => keep(`\n${command}: ${error.message}\n`));
    child.on('close', (status) => {
      clearTimeout(timer);
      running.delete(child);
      kill(child);
      resolve({ status: status ?? 1, output });
    });
  });
}

// The number before or after which a runner's closing line says what it counts.
const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

const counters = {
  cmocka(output) {
    const closing = output.match(/^\[(==========|  PASSED  |  FAILED  |  SKIPPED )\] +\d+ test.*$/gm) ?? [];
    const text = closing.join('\n');
    return {
      lines: closing.filter((line) => !/Running/.test(line)),
      passed: number(text, /^\[  PASSED  \] +(\d+) test/m),
      failed: number(text, /^\[  FAILED  \] +(\d+) test/m),
      skipped: number(text, /^\[  SKIPPED \] +(\d+) test/m),
    };
  },
  node(output) {
    const closing = output.match(/^[ℹ#] (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*$/gm) ?? [];
    const text = closing.join('\n');
    return {
      lines: closing,
      passed: number(text, /^. pass (\d+)/m),
      failed: number(text, /^. fail (\d+)/m) + number(text, /^. cancelled (\d+)/m),
      skipped: number(text, /^. skipped (\d+)/m) + number(text, /^. todo (\d+)/m),
    };
  },
  plain(output) {
    const closing = output.match(/^(\w+: )?\d+ passed, \d+ failed.*$/gm)?.slice(-1) ?? [];
    return {
      lines: closing,
      passed: number(closing[0] ?? '', /(\d+) passed/),
      failed: number(closing[0] ?? '', /(\d+) failed/),
      skipped: 0,
    };
  },
};

// One runner: what it is called, how its end is read, and the command.
async function step(title, kind, command, args, options) {
  const began = Date.now();
  const { status, output } = await execute(command, args, options);
  const counted = counters[kind](output);
  const broken = status !== 0 || complaint(output) !== '';

  // It ended badly though no test failed, or it ran nothing: that is one failure.
  if (counted.failed === 0 && (broken || counted.passed === 0)) counted.failed = 1;
  for (const key of Object.keys(total)) total[key] += counted[key];

  const log = `build/logs/${title.replace(/\W+/g, '-')}.log`;
  writeFileSync(log, output);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`--- ${title}, ${seconds} s${counted.failed ? `: FAILED, see ${log}` : ''}`);
  if (counted.failed) console.log(shorten(output, kind));
  else console.log(counted.lines.join('\n'));
}

// What went wrong, without the list of what went right.
function shorten(output, kind) {
  const lines = output.split('\n');
  const dull = { cmocka: /^\[( RUN  | {6,7}OK)/, node: /^\s*(✔|▶)/ }[kind];
  const kept = dull ? lines.filter((line) => !dull.test(line)) : lines;
  return kept.slice(-400).join('\n').trim();
}

function testFiles() {
  return readdirSync('tests', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .flatMap((entry) => readdirSync(`tests/${entry.name}`).map((name) => `tests/${entry.name}/${name}`))
    .filter((path) => path.endsWith('.test.mjs'))
    .filter((path) => !picked.length || picked.some((text) => path.includes(text)))
    .sort();
}

console.log('--- building with the sanitizers');
const build = spawnSync('tools/build', ['asan', 'partnerd', 'unit', 'rules_driver'], { stdio: 'inherit' });
if (build.status !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const first = [];
if (!picked.length || picked.includes('tidy')) {
  first.push(step('tidy', 'plain', process.execPath, ['tools/tidy.mjs'], { minutes: LIMIT_MINUTES.tidy }));
}
for (const [name, half] of [['SQLite', '--without'], ['PostgreSQL', '--only']]) {
  const args = [half, '_on_postgres', ...picked];
  const { stdout } = spawnSync('build/asan/unit', ['--list', ...args], { encoding: 'utf8' });
  if (picked.length && !stdout) continue;
  const env = { PARTNERD_TEST_DATABASE: process.env.PARTNERD_PG_URL };
  first.push(step(`unit tests on ${name}`, 'cmocka', 'build/asan/unit', args, { env, minutes: LIMIT_MINUTES.unit }));
}
await Promise.all(first);

const files = testFiles();
if (files.length) {
  const jobs = Math.max(2, Math.min(4, availableParallelism()));
  const args = ['--test', `--test-concurrency=${jobs}`, '--test-reporter=spec', ...files];
  const env = { PARTNERD_BINARY: binary, NODE_OPTIONS: '--no-warnings' };
  await step('tests of the whole program', 'node', process.execPath, args, { env, minutes: LIMIT_MINUTES.node });
}

if (total.passed + total.failed === 0) {
  console.log(`no test matches ${picked.join(' ')}`);
  total.failed = 1;
}
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed ? 1 : 0);
