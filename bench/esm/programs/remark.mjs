// Formats Markdown with a plugin; dozens of packages of a file or two.
import { remark } from 'remark';
import remarkGfm from 'remark-gfm';

console.log(String(await remark().use(remarkGfm).process('| a | b |\n|---|---|\n| 1 | 2 |\n\n* one\n')));
