import { installed } from 'fast-resolve';

if (!installed) throw new Error('the hook is not in place');
