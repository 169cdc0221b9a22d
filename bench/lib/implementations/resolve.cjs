'use strict';

const { nodesOptions } = require('./nodes-options.cjs');

exports.load = () => {
  const { sync } = require('resolve');
  const { extensions } = nodesOptions();
  return ({ request, directory }) => sync(request, { basedir: directory, extensions, preserveSymlinks: false });
};
