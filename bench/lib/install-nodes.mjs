// Installs the Nodes in tools/nodes. A process of its own, because a failure ends the process.
import { ensureInstalled } from '../../scripts/setup.mjs';

ensureInstalled('tools/nodes');
