// SPDX-License-Identifier: Apache-2.0
//
// tidy: the house rules that a program can check (docs/STYLE.md).
//
//   node tools/tidy.mjs          findings as "file:line: rule: what", then "N passed, N failed"
//
// Each rule counts once, failed if it has a finding. What is over a limit but
// under its hard limit is a note; `node tools/tidy.mjs --notes` shows those too.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const LIMITS = {
  columnsNote: 100, columns: 110, scriptColumns: 150, functionNote: 60, functionHard: 80,
  fileNote: 500, fileHard: 800, header: 150, parameters: 5, nesting: 3,
};

const BANNED = ['strcpy', 'strcat', 'strncpy', 'sprintf', 'vsprintf', 'gets', 'strtok', 'atoi', 'atol',
  'localtime', 'gmtime', 'system', 'rand', 'srand', 'alloca', 'setjmp', 'longjmp'];

// Who may include whom. A folder that is not named here is a feature.
const FLOORS = {
  base: [],
  rules: ['base'],
  db: ['base'],
  data: ['base'],
  net: ['base', 'data'],
  work: ['base', 'db'],
  click: ['base', 'db', 'net', 'work'],
  feature: ['base', 'rules', 'db', 'data', 'click', 'work', 'feature'],
  connect: ['base', 'rules', 'db', 'net', 'data', 'click', 'work', 'feature'],
  web: ['base', 'rules', 'db', 'net', 'data', 'click', 'work', 'feature', 'connect'],
};
const DOORS = /_(api|web)\.[ch]$|^(api|access|webhook)\//; // a feature's rooms that speak HTTP and HTML
const DOORS_TOO = ['net', 'web'];
const APP = 'app.h'; // the program's long-lived parts; any floor above the ground may reach for them

// Functions whose parameters a library dictates.
const DICTATED = new Set(['authorize', 'exchange_step', 'header_take']);

const INTEGERS_ONLY = /^src\/(rules|ledger|commission|payout)\/|^src\/base\/money/;
const TESTED = ['src/rules', 'src/ledger', 'src/data'];

// Words that say where or by what something was made. Written in two halves, so that
// this file passes too; hosts of package registries are found by their names.
const WORDS = [
  ['registry.npm', 'js'], ['registry.yarn', 'pkg'], ['deb.deb', 'ian.org'], ['security.deb', 'ian.org'],
  ['snapshot.deb', 'ian.org'], ['proxy.go', 'lang.org'], ['py', 'pi.org'], ['crates', '.io'],
  ['node', 'source.com'], ['TO', 'DO'], ['FIX', 'ME'], ['/wor', 'k/'],
].map((halves) => halves.join(''));

const rules = new Map();
const notes = [];

function rule(name) {
  if (!rules.has(name)) rules.set(name, []);
  return (file, line, what) => rules.get(name).push(`${file}:${line}: ${name}: ${what}`);
}

function walk(dir, out = []) {
  if (!existsSync(dir)) return out;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'corpus'].includes(entry.name)) walk(path, out);
    } else if (entry.isFile()) out.push(path);
  }
  return out;
}

const FOLDERS = ['src', 'tests', 'tools', 'web', 'templates', 'migrations', 'docs', 'packaging', 'bench', '.ci'];
const TOP = ['Makefile', 'meson.build', 'meson_options.txt', 'README.md', 'CONTRIBUTING.md'].filter(existsSync);
const files = FOLDERS.flatMap((dir) => walk(dir)).concat(TOP).sort();
const text = new Map(files.map((file) => [file, readFileSync(file, 'latin1')]));
const linesOf = (file) => text.get(file).split('\n');
const isC = (file) => /\.[ch]$/.test(file);
const cFiles = files.filter(isC);
const lineAt = (source, at) => source.slice(0, at).split('\n').length;

// The source with comments, texts and preprocessor lines blanked out, line by line and letter by letter.
function bare(source) {
  const blank = (s) => s.replace(/[^\n]/g, ' ');
  return source
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
      (s) => (s[0] === '"' || s[0] === "'" ? s[0] + blank(s.slice(1, -1)) + s[0] : blank(s)))
    .replace(/^[ \t]*#(?:[^\n\\]|\\[\s\S])*/gm, blank);
}

// The functions a C file defines: {name, parameters, from, to, body, at}.
function functionsOf(source) {
  const found = [];
  const pattern = /^([A-Za-z_][\w\s*,()]*?[\s*])?(\w+)\s*\(([^;{}]*)\)\s*\n\{\n([\s\S]*?)^\}/gm;
  for (const match of source.matchAll(pattern)) {
    if (/^(if|for|while|switch|return|sizeof)$/.test(match[2])) continue;
    const open = match.index + match[0].indexOf('\n{\n') + 1;
    found.push({
      name: match[2],
      exported: !/\bstatic\b/.test(match[1] ?? ''),
      parameters: countParameters(match[3]),
      from: lineAt(source, match.index + match[0].search(/\S/)),
      bodyFrom: lineAt(source, open),
      lines: match[4].split('\n').length - 1,
      body: match[4],
    });
  }
  return found;
}

function countParameters(list) {
  let depth = 0;
  let count = /^\s*(void)?\s*$/.test(list) ? 0 : 1;
  for (const c of list) {
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) count++;
  }
  return count;
}

// How deep the control statements of a function body are inside each other, and where.
function deepest(body, firstLine) {
  const tokens = [...body.matchAll(/\w+|[^\s\w]/g)];
  const stack = []; // 'control{', '{', 'single'
  const depth = () => stack.filter((s) => s !== '{').length;
  const worst = { depth: 0, line: firstLine };
  let i = 0;

  const closeSingles = () => {
    while (stack.at(-1) === 'single') stack.pop();
  };
  const skipParentheses = () => {
    let open = 0;
    do {
      if (tokens[i]?.[0] === '(') open++;
      if (tokens[i]?.[0] === ')') open--;
      i++;
    } while (open > 0 && i < tokens.length);
  };
  const enter = (what, at) => {
    stack.push(what);
    if (depth() > worst.depth) Object.assign(worst, { depth: depth(), line: firstLine + lineAt(body, at) });
  };
  const enterBody = (at) => {
    if (tokens[i]?.[0] === '{') {
      i++;
      enter('control{', at);
    } else enter('single', at);
  };

  while (i < tokens.length) {
    const [token] = tokens[i];
    const at = tokens[i++].index;
    if (['if', 'for', 'while', 'switch'].includes(token)) {
      const next = i;
      skipParentheses();
      // "while (…);" ends a do, or has nothing inside
      if (tokens[i]?.[0] === ';' && token === 'while') continue;
      if (i > next) enterBody(at);
    } else if (token === 'do') enterBody(at);
    else if (token === 'else') {
      if (tokens[i]?.[0] !== 'if') enterBody(at);
    } else if (token === '(') {
      i--;
      skipParentheses();
    } else if (token === '{') stack.push('{');
    else if (token === '}') {
      const top = stack.pop();
      if (top === 'control{' && tokens[i]?.[0] !== 'else') closeSingles();
    } else if (token === ';') closeSingles();
  }
  return worst;
}

// ---- The rules

function checkLines() {
  const columns = rule('columns');
  const space = rule('white-space');
  for (const file of files) {
    const limit = isC(file) ? LIMITS.columns : /\.m?js$/.test(file) ? LIMITS.scriptColumns : 0;
    if (!limit) continue;
    Buffer.from(text.get(file), 'latin1').toString('utf8').split('\n').forEach((line, i) => {
      const width = [...line].reduce((w, c) => (c === '\t' ? w + 8 - (w % 8) : w + 1), 0);
      if (isC(file) && width > LIMITS.columnsNote && width <= limit)
        notes.push(`${file}:${i + 1}: note: ${width} columns; aim at ${LIMITS.columnsNote}`);
      if (width > limit) columns(file, i + 1, `${width} of at most ${limit}`);
      if (/[ \t\r]$/.test(line)) space(file, i + 1, 'at the end of the line');
      if (isC(file) && /^ {8}\S/.test(line) && !/^ {8}(__attribute__|")/.test(line)) {
        if (/^ {8}(if|for|while|return|\w+ = |\})/.test(line)) space(file, i + 1, 'indent with tabs');
      }
    });
    if (text.get(file) && !text.get(file).endsWith('\n')) space(file, 1, 'no line feed at the end of the file');
  }
}

function checkSizes() {
  const fileSize = rule('file-size');
  const headerSize = rule('header-size');
  for (const file of cFiles) {
    const count = linesOf(file).length - 1;
    if (file.endsWith('.h') && count > LIMITS.header)
      headerSize(file, count, `${count} of at most ${LIMITS.header} lines`);
    else if (count > LIMITS.fileHard) fileSize(file, count, `${count} of at most ${LIMITS.fileHard} lines`);
    else if (count > LIMITS.fileNote) notes.push(`${file}:${count}: note: ${count} lines; aim at ${LIMITS.fileNote}`);
  }
}

function checkFunctions() {
  const size = rule('function-size');
  const parameters = rule('parameters');
  const nesting = rule('nesting');
  for (const file of cFiles) {
    for (const f of functionsOf(bare(text.get(file)))) {
      if (f.lines > LIMITS.functionHard)
        size(file, f.from, `${f.name} has ${f.lines} of at most ${LIMITS.functionHard} lines`);
      else if (f.lines > LIMITS.functionNote)
        notes.push(`${file}:${f.from}: note: ${f.name} has ${f.lines} lines; aim below ${LIMITS.functionNote}`);
      if (f.parameters > LIMITS.parameters && !DICTATED.has(f.name) && !file.startsWith('tests/unit/'))
        parameters(file, f.from, `${f.name} has ${f.parameters}; at most ${LIMITS.parameters}, else a struct`);
      const worst = deepest(f.body, f.bodyFrom);
      if (worst.depth > LIMITS.nesting)
        nesting(file, worst.line, `${f.name} is ${worst.depth} deep; at most ${LIMITS.nesting}`);
    }
  }
}

// A library is linked by name alone: of two functions of one name it takes either, without a word.
function checkNames() {
  const names = rule('one-name');
  const first = new Map();
  for (const file of cFiles.filter((name) => /^src\/.*\.c$/.test(name) && basename(name) !== 'main.c')) {
    for (const f of functionsOf(bare(text.get(file))).filter((one) => one.exported && /[a-z]/.test(one.name))) {
      if (first.has(f.name)) names(file, f.from, `${f.name} is defined in ${first.get(f.name)} too`);
      else first.set(f.name, file);
    }
  }
}

function checkWords() {
  const banned = rule('banned-function');
  const external = rule('extern');
  const floating = rule('floating-point');
  const types = rule('typedef');
  for (const file of cFiles) {
    const source = bare(text.get(file));
    const seek = (pattern, report, say) => {
      for (const match of source.matchAll(pattern)) report(file, lineAt(source, match.index), say(match));
    };
    seek(new RegExp(`(?<![\\w.>])(${BANNED.join('|')})\\s*\\(`, 'g'), banned, (m) => m[1]);
    if (file.startsWith('src/') && file.endsWith('.c')) seek(/\bextern\b/g, external, () => 'belongs into a header');
    if (INTEGERS_ONLY.test(file)) seek(/\b(float|double)\b/g, floating, (m) => `${m[1]} near money`);
    seek(/\btypedef\s+(struct|union|enum)\b/g, types, (m) => `say "${m[1]}" where it is used`);
  }
}

function checkFirstLines() {
  const licence = rule('licence');
  const guard = rule('header-guard');
  for (const file of files) {
    const [first, second] = linesOf(file);
    const script = first.startsWith('#!');
    const covered = /\.([ch]|def|mjs|js|css|build)$|^Makefile$/.test(file) || script;
    if (covered && !`${script ? second : first}`.includes('SPDX-License-Identifier: Apache-2.0'))
      licence(file, 1, 'begin with SPDX-License-Identifier: Apache-2.0');
    if (file.startsWith('src/') && file.endsWith('.h')) {
      const name = file.slice(4).replace(/\W/g, '_').toUpperCase();
      if (!text.get(file).includes(`#ifndef ${name}\n#define ${name}\n`)) guard(file, 2, `expected ${name}`);
    }
  }
}

const floorOf = (path) => {
  const folder = path.includes('/') ? path.split('/')[0] : '';
  if (!folder || folder === 'cli') return 'top';
  return FLOORS[folder] ? folder : 'feature';
};

const includesOf = (file) =>
  [...text.get(file).matchAll(/^#include "([^"]+)"/gm)].map((m) => ({
    path: m[1], line: lineAt(text.get(file), m.index),
  }));

function checkIncludes() {
  const direction = rule('include-direction');
  const place = rule('include-place');
  const own = rule('own-header-first');
  for (const file of cFiles.filter((f) => f.startsWith('src/'))) {
    const inside = file.slice(4);
    const floor = floorOf(inside);
    const test = /_test\.c$|\/fixture\.h$/.test(inside);
    const all = includesOf(file);
    for (const { path, line } of all) {
      if (!existsSync(`src/${path}`) && !(test && path === 'unit.h')) place(file, line, `there is no src/${path}`);
      if (test || floor === 'top') continue;
      const to = floorOf(path);
      const folder = path.split('/')[0];
      const door = floor === 'feature' && DOORS.test(inside) && DOORS_TOO.includes(to);
      if (folder === inside.split('/')[0] || FLOORS[floor].includes(to) || door) continue;
      if (path === APP && ['feature', 'connect', 'web'].includes(floor)) continue;
      direction(file, line, `${floor} must not know ${path}`);
    }
    const header = inside.replace(/\.c$/, '.h');
    const stem = header.replace(/\.h$/, '');
    if (file.endsWith('.c') && existsSync(`src/${header}`) && !all[0]?.path.startsWith(stem))
      own(file, all[0]?.line ?? 1, `include "${header}" first`);
  }
}

function checkCycles() {
  const cycle = rule('include-cycle');
  const state = new Map();
  const visit = (path, trail) => {
    const file = `src/${path}`;
    if (state.get(path) === 'done' || !text.has(file)) return;
    if (state.get(path) === 'open') {
      cycle(file, 1, [...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const next of includesOf(file)) if (next.path !== 'base/err.def') visit(next.path, [...trail, path]);
    state.set(path, 'done');
  };
  for (const file of cFiles) if (/^src\/.*\.h$/.test(file)) visit(file.slice(4), []);
}

// In the folders where a mistake costs money, a test includes the header of every file, or of one that uses it.
function checkTested() {
  const tested = rule('tested');
  const paths = (file) => includesOf(file).map((include) => include.path);
  const known = new Set(cFiles.filter((f) => f.endsWith('_test.c')).flatMap(paths));
  for (const header of known) {
    for (const part of [`src/${header}`, `src/${header.replace(/\.h$/, '.c')}`]) {
      if (!TESTED.includes(dirname(part)) || !text.has(part)) continue;
      for (const path of paths(part)) if (dirname(path) === dirname(header)) known.add(path);
    }
  }
  for (const file of cFiles) {
    if (!TESTED.includes(dirname(file)) || !file.endsWith('.c') || /_(test|api|web)\.c$/.test(file)) continue;
    const header = file.slice(4).replace(/\.c$/, '.h');
    if (existsSync(`src/${header}`) && !known.has(header)) tested(file, 1, `no x_test.c includes ${header}`);
  }
}

function checkForbidden() {
  const forbidden = rule('forbidden-word');
  for (const file of files) {
    if (basename(file) === 'package-lock.json' && !text.get(file).includes('"resolved"')) continue;
    for (const word of WORDS) {
      const at = text.get(file).search(new RegExp(`(?<![\\w])${word.replace(/[.]/g, '\\.')}`));
      if (at >= 0) forbidden(file, lineAt(text.get(file), at), word);
    }
  }
}

checkLines();
checkSizes();
checkFunctions();
checkNames();
checkWords();
checkFirstLines();
checkIncludes();
checkCycles();
checkTested();
checkForbidden();

const findings = [...rules.values()].flat().sort();
for (const finding of findings) console.log(finding);
if (process.argv.includes('--notes')) for (const note of notes.sort()) console.log(note);
const failed = [...rules.values()].filter((list) => list.length).length;
console.log(`tidy: ${cFiles.length} C files, ${files.length} files, ${notes.length} notes`);
console.log(`${rules.size - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
