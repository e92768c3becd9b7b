// SPDX-License-Identifier: Apache-2.0
//
// A partnerd server that a test started. Tests get one from database.serve().
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { Api } from './api.mjs';
import { binary, complaint, environment, knows } from './binary.mjs';

const START_MS = 30_000;
const STOP_MS = 30_000;

// Below the range that the system gives to outgoing connections, so that nobody takes it in between.
async function freePort() {
  for (;;) {
    const port = 12000 + Math.floor(Math.random() * 8000);
    const free = await new Promise((resolve) => {
      const probe = createServer().once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

// {command: 'serve' or 'demo', args: [], env: {}, wrap: [], startMs}; wrap is a program to run it under.
export async function startServer(database, { command = 'serve', args = [], env = {}, wrap = [],
  startMs = START_MS } = {}) {
  if (!knows(command)) throw new Error(`${binary} cannot run: it has no command "${command}"`);
  const server = new Server(database, await freePort());
  const line = [...wrap, binary, command, ...database.where, '--listen', `127.0.0.1:${server.port}`, ...args];
  server.child = spawn(line[0], line.slice(1), {
    env: environment({ ...database.env, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await server.ready(startMs);
  return server;
}

export class Server {
  constructor(database, port) {
    this.database = database;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.log = ''; // what it wrote on standard error
    this.exited = null; // {status, signal}
  }

  ready(limitMs) {
    return new Promise((resolve, reject) => {
      const give = (reason) => {
        this.child.kill('SIGKILL');
        reject(new Error(`partnerd did not start: ${reason}\n${this.log}`));
      };
      const timer = setTimeout(() => give(`no "ready" within ${limitMs} ms`), limitMs);
      this.child.on('error', (error) => give(error.message));
      this.child.stdout.resume();
      this.child.stderr.setEncoding('utf8').on('data', (text) => {
        this.log += text;
        if (/\bready\b/.test(this.log)) {
          clearTimeout(timer);
          resolve();
        }
      });
      this.ended = new Promise((done) => {
        this.child.on('close', (status, signal) => {
          this.exited = { status, signal };
          clearTimeout(timer);
          reject(new Error(`partnerd ended with ${status ?? signal}\n${this.log}`));
          done(this.exited);
        });
      });
    });
  }

  // Ask it to stop; it must end by itself, with 0, and no sanitizer may have complained.
  async stop() {
    if (!this.exited) {
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
      await this.ended;
      clearTimeout(timer);
    } else if (this.checked) return;
    this.checked = true;
    const said = complaint(this.log);
    if (said) throw new Error(`partnerd complained:\n${said}`);
    if (this.killed) return;
    const { status, signal } = this.exited;
    if (status !== 0) throw new Error(`partnerd ended with ${status ?? signal}\n${this.log.slice(-4000)}`);
  }

  // As a power cut would, but for the disk.
  async kill() {
    this.killed = true;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  api(key) {
    return new Api(this.url, key);
  }

  cli(...args) {
    return this.database.cli(...args);
  }

  // One organisation with its owner and a key for everything: {slug, id, key, api, email, password}.
  async org(slug = 'acme', { currency = 'USD', timezone = 'UTC', name = slug, sandbox = false } = {}) {
    const id = await this.cli('org create', '--name', name, '--slug', slug, '--currency', currency,
      '--timezone', timezone, ...(sandbox ? ['--sandbox'] : []));
    const key = await this.cli('key create', '--org', slug, '--name', 'tests');
    return { slug, id, key, api: this.api(key) };
  }

  // A person who may sign in, as a member of the organisation.
  async user(org, { email = `ann@${org.slug}.example`, name = 'Ann', role = 'owner', without = '' } = {}) {
    const password = 'correct horse battery staple';
    const id = await this.cli('user create', { input: `${password}\n` }, '--email', email, '--name', name,
      '--password-stdin');
    await this.cli('member add', '--org', org.slug, '--email', email, '--role', role,
      ...(without ? ['--without', without] : []));
    return { id, email, name, password };
  }
}
