// SPDX-License-Identifier: Apache-2.0
//
// The reference engine as a referee beside a fuzz target (tests/fuzz/fuzz_reference.c): a line in,
// [[case, answer of the engine], …], and "agreed" out; or, and then it ends, who says what.
// Reads and writes without an event loop: the target waits.
import { readSync, writeSync } from 'node:fs';
import { judge } from './judge.mjs';

const piece = Buffer.alloc(1 << 20);

function* lines() {
  let pieces = [];
  for (let n; (n = readSync(0, piece)) > 0;) {
    let from = 0;
    for (let end; (end = piece.subarray(0, n).indexOf(10, from)) >= 0; from = end + 1) {
      yield Buffer.concat([...pieces, piece.subarray(from, end)]).toString();
      pieces = [];
    }
    pieces.push(Buffer.from(piece.subarray(from, n)));
  }
}

for (const line of lines()) {
  for (const [one, got] of JSON.parse(line)) {
    try {
      judge(one, got, 'the engine (+) and the reference engine (-)');
    } catch (error) {
      writeSync(1, `case: ${JSON.stringify(one)}\nengine: ${JSON.stringify(got)}\n${error.message}\n`);
      process.exit(1);
    }
  }
  writeSync(1, 'agreed\n');
}
