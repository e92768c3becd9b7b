// SPDX-License-Identifier: Apache-2.0
//
// The program under test, and how it is run: the sanitized build, or the one
// that PARTNERD_BINARY names.
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const binary = process.env.PARTNERD_BINARY ?? `${root}build/asan/partnerd`;

export const sanitizers = {
  ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1:abort_on_error=0:exitcode=99',
  LSAN_OPTIONS: `suppressions=${root}tests/lsan.supp:print_suppressions=0`,
  UBSAN_OPTIONS: 'print_stacktrace=1',
  TSAN_OPTIONS: `suppressions=${root}tests/tsan.supp:halt_on_error=1`,
};

// What a sanitizer or a CHECK left on standard error, or ''.
export function complaint(stderr) {
  const at = stderr.search(/ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:|check failed/);
  return at < 0 ? '' : stderr.slice(Math.max(0, at - 200), at + 4000);
}

export const environment = (extra = {}) => ({ ...process.env, ...sanitizers, ...extra });

let commands;

// Does the program know a command? (It may be older than the test.)
export function knows(command) {
  if (!existsSync(binary)) return false;
  commands ??= spawnSync(binary, ['help'], { encoding: 'utf8', env: environment() }).stdout ?? '';
  return new RegExp(`(^|\\s)${command}(\\s|$)`, 'm').test(commands);
}

// Run a command to its end: {status, stdout, stderr}. `input` goes to standard input.
export function run(args, { input = '', env = {}, timeout = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    const out = { status: null, stdout: '', stderr: '' };
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.stdout.setEncoding('utf8').on('data', (text) => { out.stdout += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { out.stderr += text; });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') reject(new Error(`partnerd ${args.join(' ')}: no end after ${timeout} ms`));
      else if (complaint(out.stderr)) reject(new Error(`partnerd ${args.join(' ')}:\n${complaint(out.stderr)}`));
      else resolve({ ...out, status: status ?? signal });
    });
  });
}
