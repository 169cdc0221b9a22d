// Tells who it is; or says that it has begun, in a file, and then is busy for ever. Who runs that again does not hang.
'use strict';

const fs = require('node:fs');

module.exports = ({ begun }) => {
  if (begun === undefined) return process.pid;
  if (fs.existsSync(begun)) return 'again';
  fs.writeFileSync(begun, '');
  for (;;);
};
