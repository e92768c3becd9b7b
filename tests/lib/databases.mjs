// SPDX-License-Identifier: Apache-2.0
//
// Tests that run twice: once on SQLite files, once on PostgreSQL.
//
//   import { onEachDatabase } from '../lib/databases.mjs';
//
//   onEachDatabase('refunds', (database) => {
//     test('are taken back', async () => { const server = await database.serve(); … });
//   });
//
// Each call has a data directory and, on PostgreSQL, a database of its own; both
// are removed after its tests. PARTNERD_PG_URL (see tests/pg) names the cluster;
// without it the PostgreSQL half fails and says so.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { run } from './binary.mjs';
import { startServer } from './server.mjs';

let made = 0;

function psql(sql) {
  const url = process.env.PARTNERD_PG_URL;
  if (!url) throw new Error('PARTNERD_PG_URL is not set: run this as tests/pg -- node --test FILE');
  return new Promise((resolve, reject) => {
    const child = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => { said += text; });
    child.on('error', reject);
    child.on('close', (status) => (status ? reject(new Error(`psql: ${said}`)) : resolve()));
  });
}

// One place for data: files, and perhaps a PostgreSQL database. Makes servers and runs commands.
export class Database {
  constructor(kind) {
    this.kind = kind; // 'sqlite' or 'postgres'
    this.servers = [];
    this.offset = 0n; // milliseconds that the clock is ahead
  }

  async open() {
    this.dir = mkdtempSync(join(tmpdir(), 'partnerd-test-'));
    this.data = join(this.dir, 'data');
    this.clock = join(this.dir, 'clock');
    writeFileSync(this.clock, Buffer.alloc(8));
    this.env = { PARTNERD_TEST_CLOCK_FILE: this.clock };
    if (this.kind === 'postgres') {
      this.name = `t_${process.pid}_${++made}`;
      await psql(`CREATE DATABASE ${this.name}`);
      const url = new URL(process.env.PARTNERD_PG_URL);
      url.pathname = `/${this.name}`;
      this.url = url.href;
    }
    return this;
  }

  async close() {
    for (const server of this.servers) await server.stop();
    if (this.name) await psql(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    if (this.dir) rmSync(this.dir, { recursive: true, force: true });
  }

  // --data and --database, as every command takes them.
  get where() {
    return ['--data', this.data, ...(this.url ? ['--database', this.url] : [])];
  }

  async serve(options = {}) {
    const server = await startServer(this, options);
    this.servers.push(server);
    return server;
  }

  // Run a command: cli('org create', '--name', 'Acme'), or with options {input, status} first.
  // Fails unless it ends with the expected status; returns standard output without its last line feed.
  async cli(command, ...rest) {
    const options = typeof rest[0] === 'object' ? rest.shift() : {};
    const { status = 0, input = '' } = options;
    const args = [...command.split(' '), ...this.where, ...rest.map(String)];
    const got = await run(args, { input, env: this.env });
    if (got.status !== status) {
      throw new Error(`partnerd ${command} ${rest.join(' ')}: exit ${got.status}, not ${status}\n`
        + got.stdout + got.stderr);
    }
    return got.stdout.replace(/\n$/, '');
  }

  // The time that the program sees.
  now() {
    return new Date(Date.now() + Number(this.offset));
  }

  // Move the program's clock: advance('45d'), '12h', '30m', '10s'.
  advance(span) {
    this.offset += BigInt(milliseconds(span));
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(this.offset);
    const fd = openSync(this.clock, 'r+');
    writeSync(fd, bytes, 0, 8, 0);
    closeSync(fd);
  }

  // Move the clock and do what is due by then.
  async pass(span, ...jobs) {
    this.advance(span);
    for (const job of jobs.length ? jobs : ['mature']) await this.cli(`job ${job}`);
  }
}

export function milliseconds(span) {
  const units = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
  const parts = /^(\d+)([smhdw])$/.exec(span);
  if (!parts) throw new Error(`"${span}" is not a span of time such as 45d, 12h, 30m or 10s`);
  return Number(parts[1]) * units[parts[2]];
}

export const kinds = (process.env.PARTNERD_TEST_DATABASES ?? 'sqlite,postgres').split(',');

export function onEachDatabase(name, define) {
  for (const kind of kinds) {
    describe(`${name} (${kind})`, () => {
      const database = new Database(kind);
      before(() => database.open());
      define(database);
      after(() => database.close());
    });
  }
}
