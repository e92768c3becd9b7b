// SPDX-License-Identifier: Apache-2.0
//
// branches: which branches of the engine (src/rules/) the tests went through.
//
//   node tools/branches.mjs          after the tests of build/cov have run (tools/check branches)
//
// Every branch gcov knows of counts: both ways of each condition, each part of && and ||, each case
// of a switch. One rule leaves some out: in the statement of a CHECK() that was reached, one way for
// each part joined by &&. It leads to the end of the process, which is what a CHECK is for, and a
// process that ends so writes no counts. Which those are is listed in build/logs/branches.out. Nothing
// else is left out; code that no input can reach is to be removed or made a CHECK. Ends with
// "N passed, N failed", one for each file; failed if any other branch was not taken.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const OBJECTS = 'build/cov/librules.a.p';

// The lines a CHECK( … ) statement covers, each with the statement's text.
function checksOf(source) {
  const found = new Map();
  for (const match of source.matchAll(/\bCHECK\(/g)) {
    let depth = 0;
    let end = match.index + match[0].length - 1;
    do {
      if (source[end] === '(') depth++;
      else if (source[end] === ')') depth--;
      end++;
    } while (depth > 0);
    const first = source.slice(0, match.index).split('\n').length;
    const text = source.slice(match.index, end).replace(/\s+/g, ' ');
    const last = source.slice(0, end).split('\n').length;
    for (let line = first; line <= last; line++) found.set(line, text);
  }
  return found;
}

function gcov() {
  const objects = readdirSync(OBJECTS).filter((name) => name.endsWith('.gcno')).sort();
  const { status, stdout, stderr } = spawnSync('gcov', ['--json-format', '--stdout', '--branch-probabilities',
    '-o', 'librules.a.p', ...objects.map((name) => `librules.a.p/${name}`)],
  { cwd: 'build/cov', encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n').map((line) => JSON.parse(line)).flatMap((doc) => doc.files);
}

// A header's code is in several objects: a branch is taken if it is in one of them.
const files = new Map();
for (const file of gcov()) {
  const name = file.file.replace(/^.*(?=src\/)/, '');
  if (!name.startsWith('src/rules/')) continue;
  if (!files.has(name)) files.set(name, new Map());
  for (const line of file.lines) {
    const key = `${line.line_number} ${name.endsWith('.h') ? '' : line.function_name ?? ''}`;
    const before = files.get(name).get(key) ?? { at: line.line_number, count: 0, taken: [] };
    before.count += line.count;
    line.branches.forEach((b, i) => { before.taken[i] = (before.taken[i] ?? 0) + b.count; });
    files.get(name).set(key, before);
  }
}

const total = { branches: 0, taken: 0, ending: 0 };
const missing = [];
const left = [];
let failed = 0;
for (const [name, lines] of [...files].sort()) {
  const source = readFileSync(name, 'utf8');
  const checks = checksOf(source);
  const text = source.split('\n');
  const sum = { branches: 0, taken: 0, ending: 0 };
  const before = missing.length;
  for (const { at, count, taken } of [...lines.values()].sort((a, b) => a.at - b.at)) {
    const gone = taken.filter((n) => n === 0).length;
    const ways = checks.get(at)?.split('&&').length ?? 0;
    const ends = count > 0 && gone <= ways ? gone : 0;
    sum.branches += taken.length;
    sum.taken += taken.length - gone;
    sum.ending += ends;
    if (ends > 0) left.push(`${name}:${at}: ${ends} of ${taken.length} in ${checks.get(at)}`);
    else if (gone > 0) missing.push(`${name}:${at}: ${gone} of ${taken.length} not taken: ${text[at - 1].trim()}`);
    else if (count === 0) missing.push(`${name}:${at}: never run: ${text[at - 1].trim()}`);
  }
  for (const key of Object.keys(total)) total[key] += sum[key];
  if (missing.length > before) failed++;
  const percent = sum.branches > sum.ending ? (100 * sum.taken) / (sum.branches - sum.ending) : 100;
  console.log(`${name.padEnd(36)} ${String(sum.taken).padStart(4)} of ${String(sum.branches - sum.ending).padStart(4)} `
    + `branches ${percent.toFixed(2).padStart(7)} %, ${sum.ending} that end the process`);
}

mkdirSync('build/logs', { recursive: true });
writeFileSync('build/logs/branches.out', `${left.join('\n')}\n`);
console.log(`left out, as they end the process: ${left.length} lines, ${total.ending} branches (build/logs/branches.out)`);
missing.forEach((line) => console.log(line));
console.log(`all: ${total.taken} of ${total.branches - total.ending} branches`);
console.log(`${files.size - failed} passed, ${failed} failed`);
process.exit(failed > 0 || files.size === 0 ? 1 : 0);
