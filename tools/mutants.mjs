// SPDX-License-Identifier: Apache-2.0
//
// mutants: plant the slips of tests/mutants/mutants.txt in the engine, one after the other, and see
// that the tests notice.
//
//   node tools/mutants.mjs                after tools/build asan unit rules_driver
//   node tools/mutants.mjs --fuzz TEXT    after tools/build fuzz fuzz_reference
//
// Only the file with the slip is compiled, as the build with the sanitizers does it, and linked before
// the library into a unit runner and a driver of its own; the tree stays as it is. A slip is killed if
// the engine's unit tests and tables fail, or, where they do not, the comparison with the reference
// engine does. The engine without a slip has to pass both. Ends with "N of N killed".
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../tests/lib/binary.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const fuzz = process.argv[2] === '--fuzz';
const wanted = process.argv[3] ?? '';
const table = 'tests/mutants/mutants.txt';
const variant = fuzz ? 'build/fuzz' : 'build/asan';
const targets = fuzz ? ['fuzz_reference'] : ['unit', 'rules_driver'];
const home = `${process.cwd()}/build/mutants`;
const CASES = '20000';
const LIMIT_MS = 900_000; // for a slip that never ends; the slowest machine takes a few minutes

// {title, file, edits: [{from, to}]} of each block of the table.
function readTable(text) {
  const blocks = text.split(/\n\s*\n/).map((block) => block.split('\n').filter((line) => line && !line.startsWith('#')));
  return blocks.filter((lines) => lines.length).map(([title, file, ...rest]) => {
    const edits = [];
    let last = '+';
    for (const line of rest) {
      if (line[0] === '-' && last === '+') edits.push({ from: [], to: [] });
      edits.at(-1)[line[0] === '-' ? 'from' : 'to'].push(line.slice(1));
      last = line[0];
    }
    return { title, file, edits };
  });
}

// The file with the slip in it. Throws if the lines do not stand there exactly once.
function plant({ file, edits }) {
  return edits.reduce((source, { from, to }) => {
    const parts = source.split(`\n${from.join('\n')}\n`);
    if (parts.length !== 2) throw new Error(`these lines are ${parts.length - 1} times in ${file}:\n${from.join('\n')}`);
    return parts.join(`\n${to.join('\n')}\n`);
  }, readFileSync(file, 'utf8'));
}

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: variant, env: environment(env), timeout: LIMIT_MS, killSignal: 'SIGKILL' });
    let output = '';
    child.stdout.on('data', (text) => { output += text; });
    child.stderr.on('data', (text) => { output += text; });
    child.on('close', (status, signal) => {
      const late = signal === 'SIGKILL';
      resolve({ ok: status === 0, late, output: late ? `${output}\nstopped after ${LIMIT_MS / 1000} seconds\n` : output });
    });
  });
}

// How ninja would make a target: the last command of the list.
function commandFor(target) {
  const { stdout } = spawnSync('ninja', ['-C', variant, '-t', 'commands', target], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout.trim().split('\n').at(-1);
}

async function must(command) {
  const { ok, output } = await run('sh', ['-c', command]);
  if (!ok) throw new Error(`${command}\n${output}`);
}

// Compile the file, and link it before the library: what it defines is not looked for there.
async function make(dir, { file }) {
  const object = `librules.a.p/${file.replaceAll('/', '_')}.o`;
  const compile = commandFor(object)
    .replace(` ../../${file}`, ` ${dir}/${basename(file)}`)
    .replaceAll(object, `${dir}/mutant.o`);
  await must(compile);
  for (const target of targets) {
    await must(commandFor(target).replace(` -o ${target} `, ` -o ${dir}/${target} ${dir}/mutant.o `));
  }
}

// What noticed, the quicker first; undefined if nothing did.
async function judge(dir) {
  const began = Date.now();
  const looks = fuzz ? [
    ['the fuzzer', () => run(`${dir}/fuzz_reference`, ['-max_total_time=60', '-max_len=4096', `-artifact_prefix=${dir}/`,
      `${dir}/corpus`, `${process.cwd()}/tests/fuzz/corpus/reference`])],
  ] : [
    ['its tests', () => run(`${dir}/unit`, ['rules/', 'campaign/rules_cases'])],
    ['the reference engine', () => run(process.execPath, ['--test', '--test-reporter=spec', '../../tests/reference/engine.test.mjs'],
      { RULES_DRIVER: `${dir}/rules_driver`, CASES, NODE_OPTIONS: '--no-warnings' })],
  ];
  for (const [name, look] of looks) {
    const { ok, late, output } = await look();
    writeFileSync(`${dir}/out`, output, { flag: 'a' });
    const after = fuzz ? ` after ${Math.round((Date.now() - began) / 1000)} seconds` : '';
    if (!ok) return late ? `the time limit of ${name}` : name + after;
  }
  return undefined;
}

async function tryOne(slip, number) {
  const dir = `${home}/${number}`;
  mkdirSync(`${dir}/corpus`, { recursive: true });
  try {
    writeFileSync(`${dir}/${basename(slip.file)}`, plant(slip));
    await make(dir, slip);
    const by = await judge(dir);
    for (const target of targets) rmSync(`${dir}/${target}`);
    return { killed: Boolean(by), says: by ? `killed by ${by}` : 'SURVIVES' };
  } catch (error) {
    return { killed: false, says: `CANNOT BE PLANTED: ${error.message}` };
  }
}

const slips = readTable(readFileSync(table, 'utf8')).filter(({ title }) => title.includes(wanted));
rmSync(home, { recursive: true, force: true });
mkdirSync(`${home}/0`, { recursive: true });
for (const name of targets) await must(`ln -sf ${process.cwd()}/${variant}/${name} ${home}/0/${name}`);
const noticed = fuzz ? undefined : await judge(`${home}/0`); // tools/fuzz has looked at it
if (noticed) {
  console.log(`the engine as it is fails ${noticed}: see build/mutants/0/out`);
  process.exit(1);
}

let killed = 0;
let next = 0;
async function work() {
  while (next < slips.length) {
    const number = ++next;
    const result = await tryOne(slips[number - 1], number);
    killed += result.killed ? 1 : 0;
    console.log(`${String(number).padStart(2)} ${slips[number - 1].title}: ${result.says}`);
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
console.log(`${killed} of ${slips.length} killed`);
process.exit(slips.length > 0 && killed === slips.length ? 0 : 1);
