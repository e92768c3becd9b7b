// SPDX-License-Identifier: Apache-2.0
//
// The documents name only what is there, and all that must be named.
import assert from 'node:assert/strict';
import { readFile, readdir, access } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/binary.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name) => readFile(path.join(root, name), 'utf8');
const help = async (...words) => (await run([...words, '--help'])).stdout;

const flagsOf = (text) => new Set([...text.matchAll(/^ {2}--([a-z-]+)/gm)].map((m) => m[1]));

// The words of the commands, such as "org create", longest first.
const commandNames = async () =>
  [...(await help()).matchAll(/^ {2}([a-z][a-z-]*(?: [a-z]+)?) {2,}/gm)].map((m) => m[1]).sort((a, b) => b.length - a.length);

// "partnerd org create --data d" in code, wherever in a line it stands.
const calls = (text) =>
  [...text.replaceAll('\\\n', ' ').matchAll(/(?:^\s*|[`(]|build\/)partnerd ((?:[a-z]+|--version)\b[^`\n#|)>]*)/gm)].map((m) => m[1].trim());

const inCode = (markdown) => {
  const fenced = [...markdown.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map((m) => m[1]);
  const indented = markdown.split('\n').filter((line) => /^ {4}\S/.test(line));
  const inline = [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map((m) => m[1]);
  return [...fenced, ...indented, ...inline].join('\n');
};

async function markdownFiles() {
  const found = [];
  for (const dir of ['.', 'docs', 'tests/scenario'])
    for (const name of await readdir(path.join(root, dir))) if (name.endsWith('.md')) found.push(path.join(dir, name));
  return found;
}

const documents = ['README.md', 'CONTRIBUTING.md', 'docs/OPERATIONS.md', 'docs/ARCHITECTURE.md'];

test('every command and flag in the documents is there', async () => {
  const names = await commandNames();
  const known = new Map();
  for (const name of names) known.set(name, flagsOf(await help(...name.split(' '))));
  let count = 0;
  for (const file of documents)
    for (const call of calls(inCode(await read(file)))) {
      const name = names.find((n) => call === n || call.startsWith(`${n} `));
      assert.ok(name || call === 'COMMAND', `${file}: there is no command in "partnerd ${call}"`);
      for (const [, flag] of call.matchAll(/--([a-z][a-z-]*)/g))
        assert.ok(flag === 'help' || known.get(name).has(flag), `${file}: ${name} does not know --${flag}`);
      count++;
    }
  assert.ok(count > 15, `only ${count} commands were found`);
});

test('the man page names every command, flag and setting, and no other', async () => {
  const page = await read('packaging/partnerd.1');
  const sections = Object.fromEntries(page.split(/^\.Sh /m).map((s) => [s.slice(0, s.indexOf('\n')), s]));
  const required = (text, flag) => [...text.matchAll(flag)].map((m) => m[1]).sort();
  const flags = (text) => [...text.matchAll(/^\.It Fl Fl ([a-z-]+)/gm)].map((m) => m[1]).sort();
  const said = new Map();
  for (const part of sections.COMMANDS.split(/^\.It Cm /m).slice(1))
    said.set(/^[a-z]+(?: [a-z]+)?/.exec(part)[0], flags(part));
  assert.deepEqual([...said.keys()].sort(), (await commandNames()).sort());
  for (const [name, own] of said) {
    const text = (await help(...name.split(' '))).split('\nSettings,')[0];
    assert.deepEqual(own, [...flagsOf(text)].sort(), name);
    const part = sections.COMMANDS.split(/^\.It Cm /m).find((one) => one.startsWith(`${name}\n`) || one.startsWith(`${name} `));
    assert.deepEqual(required(part, /^\.It Fl Fl ([a-z-]+).*\n(?:(?!\.).*\n)*?.*\(required\)$/gm),
      required(text, /^ {2}--([a-z-]+) .*\(required\)$/gm), `${name}: (required)`);
  }
  const settings = (await help('serve')).split('\nSettings,')[1];
  assert.deepEqual(flags(sections.SETTINGS), [...flagsOf(settings)].sort());
});

test('every link between documents leads somewhere', async () => {
  for (const file of await markdownFiles()) {
    const text = (await read(file)).replace(/^```[\s\S]*?^```/gm, '');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const to = path.join(root, path.dirname(file), target.split('#')[0]);
      await assert.doesNotReject(access(to), `${file}: ${target}`);
    }
  }
});

test('every file of the source that is named is there', async () => {
  const examples = /(?:^|\/)x_|^src\/deal\/|openapi\.json$/;
  for (const file of documents)
    for (const [, name] of (await read(file)).matchAll(/`((?:[a-z0-9_]+\/)+[a-z0-9_.]+\.(?:c|h|def|mjs|json))`/g)) {
      if (examples.test(name)) continue;
      const at = [name, path.join('src', name)].map((n) => access(path.join(root, n)).then(() => true, () => false));
      assert.ok((await Promise.all(at)).some(Boolean), `${file}: ${name}`);
    }
});

test('every setting is documented, with its default', async () => {
  const manual = await read('docs/OPERATIONS.md');
  const rows = (await help('serve')).split('\nSettings,')[1].matchAll(/^ {2}--([a-z-]+) .*?(?:\[(.*)\])?$/gm);
  let count = 0;
  for (const [, flag, initial = ''] of rows) {
    const name = flag.replaceAll('-', '_');
    const row = manual.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    assert.ok(row, `docs/OPERATIONS.md has no ${name}`);
    assert.equal(row.split('|')[2].trim(), initial, `the default of ${name}`);
    count++;
  }
  assert.ok(count > 20);
});

test('every metric and every job is documented', async () => {
  const manual = await read('docs/OPERATIONS.md');
  const source = await read('src/health.c');
  const metrics = [...source.matchAll(/\{ "([a-z_]+)", "(?:counter|gauge)"/g)].map((m) => `partnerd_${m[1]}`);
  assert.ok(metrics.length > 15);
  metrics.push('partnerd_http_answers_total', 'process_resident_memory_bytes');
  for (const name of metrics) assert.ok(manual.includes(`\`${name}`), name);
  for (const [, name] of (await read('src/jobs.c')).matchAll(/^\t\{ "([a-z_-]+)", "/gm))
    assert.equal(manual.split(`\n| \`${name}\` |`).length, 2, `the job ${name} is there once`);
});
