// Keeps its worker for a while, so that as many workers are needed as there are tasks.
'use strict';

module.exports = ({ milliseconds }) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds, process.pid);
  });
