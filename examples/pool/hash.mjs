// What the server leaves to its workers: a hash that is slow on purpose.

import { scryptSync } from 'node:crypto';

export default (password) => `${scryptSync(password, 'a salt of one’s own', 32).toString('hex')}\n`;
