// SPDX-License-Identifier: Apache-2.0
//
// Makes dist/, which travels inside the program:
//
//   dist/*               the files of src/, as they are
//   dist/icons.svg       one <symbol> for each name in icons.txt
//   dist/LICENSES.txt
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const write = (path, text) => writeFileSync(new URL(path, import.meta.url), text);

// "path/to/LICENSE", or the library's own word for its licence where it ships no text.
function licence(name) {
  const { version, license } = JSON.parse(read(`node_modules/${name}/package.json`));
  const file = ['LICENSE', 'LICENSE.md', 'license', 'LICENSE.txt']
    .map((f) => `node_modules/${name}/${f}`)
    .find((f) => existsSync(new URL(f, import.meta.url)));
  return `${name} ${version} (${license})\n\n${file ? read(file) : ''}\n`;
}

function symbol(name) {
  const svg = read(`node_modules/@tabler/icons/icons/outline/${name}.svg`);
  const shapes = svg
    .replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '')
    .replace(/\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
    .replace(/\n\s*/g, '');
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" `
    + `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
mkdirSync(new URL('dist', import.meta.url), { recursive: true });
if (existsSync(new URL('src', import.meta.url)))
  cpSync(new URL('src', import.meta.url), new URL('dist', import.meta.url), { recursive: true });

const icons = read('icons.txt').split('\n').filter(Boolean);
write('dist/icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">\n${icons.map(symbol).join('\n')}\n</svg>\n`);

const libraries = Object.keys(JSON.parse(read('package.json')).devDependencies);
write('dist/LICENSES.txt', libraries.map(licence).join('\n----\n\n'));
