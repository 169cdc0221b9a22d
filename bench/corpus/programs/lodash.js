// Uses the whole of lodash, single methods and the functional flavour.
const _ = require('lodash');
const groupBy = require('lodash/groupBy');
const fp = require('lodash/fp');

process.stdout.write(`${JSON.stringify(groupBy(_.range(6), (value) => (value % 2 ? 'odd' : 'even')))}\n`);
process.stdout.write(`${fp.flow(fp.uniq, fp.sum)([1, 2, 2, 3])}\n`);
