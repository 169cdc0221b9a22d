// Prints how many buffers a second go to a worker and back, two at a time with two workers.
//
//   node bytes.cjs <implementation> <MiB> <own | alloc>
'use strict';

const { forMilliseconds, keepInFlight, measureRate, start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

const mebibyte = 1024 * 1024;
const workers = 2;
/** As many as it takes until memory is used again, for those who do; some of the pools take most of a second for a large one. */
const warmUp = { milliseconds: 300, least: 3 * workers };
const timed = { milliseconds: 800, least: 2 };
const numberBytes = Uint32Array.BYTES_PER_ELEMENT;

/** A number at three places tells which task the bytes are of; what lies between is only compared outside of the timed tasks. */
const createPayload = (bytes) => {
  const middle = Math.floor(bytes.length / 2);
  const last = bytes.length - numberBytes;
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = index % 251;
  return {
    bytes,
    setNumber: (number) => {
      for (const place of [0, middle, last]) bytes.writeUInt32BE(number, place);
    },
    check: (result, number, isWhole) => {
      const view = Buffer.from(result.buffer, result.byteOffset, result.byteLength);
      const isOfTask =
        view.length === bytes.length &&
        view.readUInt32BE(0) === number &&
        view.readUInt32BE(middle) === number &&
        view.readUInt32BE(last) === number + 1;
      const isSame = isOfTask && (!isWhole || view.subarray(0, last).equals(bytes.subarray(0, last)));
      if (!isSame) throw new Error(`Task ${number} with ${bytes.length} bytes was answered with others`);
    },
  };
};

start(async (name, mebibytes, kind) => {
  const pool = await open(name, { file: taskFile('bytes'), workers, isBinary: true });
  const length = mebibytes * mebibyte;
  const allocate = kind === 'alloc' ? pool.alloc : Buffer.alloc;
  const idle = Array.from({ length: workers }, () => createPayload(allocate(length)));
  const runOnce = async (number, isWhole) => {
    const payload = idle.pop();
    payload.setNumber(number);
    payload.check(await pool.run(payload.bytes), number, isWhole);
    idle.push(payload);
  };
  await keepInFlight(workers, forMilliseconds(warmUp.milliseconds, warmUp.least), (number) => runOnce(number, true));
  const rate = await measureRate(workers, timed.milliseconds, (number) => runOnce(number, false), timed.least);
  await runOnce(0, true);
  await pool.close();
  return { rate };
});
