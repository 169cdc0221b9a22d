// Halves an image (binary PGM, one byte a pixel) without copying its pixels to the worker:
//
//   node examples/pool/images.mjs <from.pgm> <to.pgm>

import fs from 'node:fs/promises';
import { Pool } from 'fast-resolve/pool';

const [from, to] = process.argv.slice(2);
await withPool(async (pool) => {
  const file = await fs.open(from);
  const { size } = await file.stat();
  // The worker sees the very bytes.
  const image = pool.alloc(size);
  await file.read(image, 0, size, 0);
  await file.close();
  const half = await pool.run(image, { onProgress: (percent) => console.log(`${percent} %`) });
  pool.release(image);
  await fs.writeFile(to, half);
});

async function withPool(callback) {
  const pool = new Pool({ filename: new URL('halve.mjs', import.meta.url), maxWorkers: 1 });
  try {
    await callback(pool);
  } finally {
    await pool.close();
  }
}
