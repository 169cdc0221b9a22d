// The page of `fast-resolve doctor --html`, in Chromium.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { browse, reasonNotToBrowse } from '../helpers/chromium.mjs';
import { run, workIn } from './command.mjs';

const { makePage } = createRequire(import.meta.url)('../../dist/page.js');

const reason = reasonNotToBrowse();
const testInBrowser = reason === undefined ? test.serial : test.serial.skip;
const titled = (title) => (reason === undefined ? title : `${title} (${reason})`);

const PHASES = ['resolving', 'reading', 'compiling', 'running'];

/** What doctor would have found of so many modules: each package has ten, and each module but the first loads three others. */
function inventDiagnosis(count) {
  const modules = Array.from({ length: count }, (_, at) => {
    const package_ = `/srv/app/node_modules/package-${Math.floor(at / 10)}`;
    const parent = at === 0 ? -1 : Math.floor((at - 1) / 3);
    return {
      file: `${package_}/file-${at}.js`,
      parent,
      by: parent === -1 ? null : `/srv/app/node_modules/package-${Math.floor(parent / 10)}/file-${parent}.js`,
      isImported: false,
      ...Object.fromEntries(PHASES.map((phase, place) => [phase, ((at * (place + 7)) % 89) / 40])),
      package: package_,
    };
  });
  const placeIn = (at, start, end) => {
    Object.assign(modules[at], { start, end });
    const children = [1, 2, 3].map((nth) => at * 3 + nth).filter((child) => child < count);
    const width = (end - start) / (children.length + 0.5);
    for (const [nth, child] of children.entries()) placeIn(child, start + nth * width, start + (nth + 1) * width);
  };
  placeIn(0, 30, 1900);
  const packages = [...new Set(modules.map((module) => module.package))].map((directory) => {
    const own = modules.filter((module) => module.package === directory);
    const phases = Object.fromEntries(PHASES.map((phase) => [phase, own.reduce((sum, each) => sum + each[phase], 0)]));
    const milliseconds = PHASES.reduce((sum, phase) => sum + phases[phase], 0);
    return {
      name: path.basename(directory),
      version: '1.0.0',
      directory,
      modules: own.length,
      milliseconds,
      ...phases,
    };
  });
  return {
    program: '/srv/app/main.js',
    node: 'v26.0.0',
    until: 'exit',
    milliseconds: 2000,
    phases: { node: 30, resolving: 500, reading: 100, compiling: 300, running: 900, rest: 170 },
    requests: count * 2,
    packages,
    failures: [
      { request: '</script><script>throw 1</script>', from: '/srv/app/main.js', code: 'MODULE_NOT_FOUND', count: 2 },
    ],
    duplicates: [
      {
        name: 'package-1',
        places: [
          { directory: '/srv/app/node_modules/package-1', version: '1.0.0', modules: 10, askedForBy: null },
          {
            directory: '/srv/app/node_modules/package-2/node_modules/package-1',
            version: '2.0.0',
            modules: 1,
            askedForBy: '/srv/app/main.js',
          },
        ],
      },
    ],
    aliases: [['/srv/app/a.js', '/srv/app/A.js']],
    lookedInVain: { all: 7, nodeModules: 3, directories: [{ directory: '/srv/node_modules', count: 3 }] },
    modules,
    kinds: [
      { name: 'stock', median: 200, lowerQuartile: 190, upperQuartile: 210, timesAsFast: 1 },
      { name: 'hook', median: 100, lowerQuartile: 95, upperQuartile: 105, timesAsFast: 2 },
    ],
  };
}

async function openPage(t, count, changes = {}) {
  const directory = workIn(t, {});
  const file = path.join(directory, 'page.html');
  const diagnosis = { ...inventDiagnosis(count), ...changes };
  fs.writeFileSync(file, makePage(diagnosis));
  const page = await browse(t);
  await page.open(file);
  return { page, file, diagnosis };
}

/** The part of the page under a heading that begins so. */
const under = (title) =>
  `[...document.querySelectorAll('section')].find((each) => each.querySelector('h2').textContent.startsWith('${title}'))`;
const textOf = (page, expression) => page.evaluate(`${expression}.textContent`);
const rowsOf = (page, title) =>
  page.evaluate(
    `[...${under(title)}.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))`,
  );

for (const count of [1000, 10_000]) {
  testInBrowser(titled(`a page of ${count} modules`), async (t) => {
    const { page, file, diagnosis } = await openPage(t, count);
    t.deepEqual(page.complaints(), []);
    t.deepEqual(page.requests(), [pathToFileURL(file).href]);
    t.is(await page.evaluate('document.title'), 'main.js – fast-resolve doctor');
    t.true((await textOf(page, `document.querySelector('header')`)).includes(`${count.toLocaleString('en')} modules`));
    t.regex(await textOf(page, under('Where it goes')), /resolving 500 ms, 25 %/);
    t.regex(
      await textOf(page, under('Packages that are there')),
      /package-1.*2\.0\.0.*node_modules\/package-2\/node_modules\/package-1/,
    );
    t.regex(await textOf(page, under('Files that were')), /\/srv\/app\/a\.js = \/srv\/app\/A\.js/);
    t.regex(await textOf(page, under('Requests that failed')), /2× .*throw 1.*MODULE_NOT_FOUND main\.js/);
    t.regex(await textOf(page, under('Looked for in vain')), /7 times, 3 of them.*3× \/srv\/node_modules/);
    t.regex(await textOf(page, under('What would be saved')), /hook100 ms95 ms – 105 ms2\.00×/);

    // The table is sorted by the last column; what it shows are so many rows, and it has all of them.
    const own = ({ resolving, reading, compiling, running }) => resolving + reading + compiling + running;
    const sorted = diagnosis.modules.toSorted((left, right) => own(right) - own(left));
    const rows = await rowsOf(page, 'Modules');
    t.is(rows.length, 200);
    t.deepEqual(
      rows.slice(0, 20).map((row) => row.at(-1)),
      sorted.slice(0, 20).map((module) => `${own(module).toFixed(1)} ms`),
    );
    await page.evaluate(`${under('Modules')}.querySelector('.table > button').click()`);
    t.is((await rowsOf(page, 'Modules')).length, 400);
    // By a click on a head: smallest first where it was sorted by that one.
    await page.evaluate(`[...${under('Modules')}.querySelectorAll('thead button')].at(-1).click()`);
    t.is((await rowsOf(page, 'Modules'))[0].at(-1), `${own(sorted.at(-1)).toFixed(1)} ms`);
    t.is(await page.evaluate(`${under('Modules')}.querySelector('[aria-sort=ascending]').textContent`), 'its own');
    // By name, and searched.
    await page.evaluate(`${under('Modules')}.querySelector('thead button').click()`);
    await page.evaluate(`${under('Modules')}.querySelector('input').focus()`);
    for (const letter of 'file-77') await page.press(letter);
    const found = diagnosis.modules.filter(({ file: name }) => name.includes('file-77'));
    t.deepEqual(
      (await rowsOf(page, 'Modules')).map(([name]) => `/srv/app/node_modules/${name}`),
      found.map(({ file: name }) => name).sort((left, right) => left.localeCompare(right)),
    );
    t.is(
      await textOf(page, `${under('Modules')}.querySelector('output')`),
      `${found.length} of ${count.toLocaleString('en')}`,
    );
  });
}

testInBrowser(titled('a page without modules'), async (t) => {
  const { page } = await openPage(t, 1, { modules: [], packages: [] });
  await page.evaluate(`for (const head of document.querySelectorAll('thead button')) head.click()`);
  t.deepEqual(page.complaints(), []);
  t.deepEqual(await rowsOf(page, 'Modules'), []);
});

testInBrowser(titled('a page of many lines shows the first of them'), async (t) => {
  const count = 450;
  const many = (make) => Array.from({ length: count }, (_, at) => make(at));
  const { page } = await openPage(t, 1, {
    failures: many((at) => ({ request: `./no-${at}`, from: '/srv/app/main.js', code: null, count: 1 })),
    aliases: many((at) => [`/srv/app/a-${at}.js`, `/srv/app/A-${at}.js`]),
    lookedInVain: {
      all: count,
      nodeModules: count,
      directories: many((at) => ({ directory: `/srv/${at}/node_modules`, count: 1 })),
    },
    duplicates: [
      { name: 'a', places: many((at) => ({ directory: `/srv/${at}`, version: null, modules: 1, askedForBy: null })) },
      ...many((at) => ({ name: `b-${at}`, places: [] })),
    ],
  });
  const [first, second] = ['ul', 'ul ul'].map((list) => (title) => `${under(title)}.querySelector('${list}')`);
  const lists = [
    [first('Requests that failed'), count],
    [first('Files that were'), count],
    [first('Looked for in vain'), count],
    [first('Packages that are there more'), count + 1],
    [second('Packages that are there more'), count],
  ];
  for (const [list, all] of lists) {
    const shown = () => page.evaluate(`${list}.childElementCount`);
    const more = `${list}.nextElementSibling`;
    t.is(await shown(), 200, list);
    t.is(await textOf(page, more), `show 200 more of ${all - 200}`);
    await page.evaluate(`${more}.click()`);
    t.is(await shown(), 400);
    await page.evaluate(`${more}.click()`);
    t.is(await shown(), all);
    t.true(await page.evaluate(`${more}.hidden`));
  }
  t.regex(await textOf(page, `${lists[0][0]}.lastElementChild`), /no-449/);
  t.deepEqual(page.complaints(), []);
});

testInBrowser(titled('the timeline, with the keyboard and the mouse'), async (t) => {
  const { page } = await openPage(t, 1000);
  const told = () => textOf(page, `document.querySelector('.told')`);
  const chosen = async () => /file-(\d+)/.exec(await told())?.[1];
  t.regex(await told(), /arrow keys/);
  // Tab leads to it, as the first thing on the page.
  await page.press('Tab');
  t.is(await page.evaluate('document.activeElement.className'), 'timeline');
  const keys = [
    ['ArrowRight', '0'],
    ['ArrowRight', '0'],
    ['ArrowDown', '1'],
    ['ArrowRight', '2'],
    ['ArrowRight', '3'],
    ['ArrowRight', '3'],
    ['ArrowLeft', '2'],
    ['ArrowDown', '7'],
    ['ArrowUp', '2'],
  ];
  for (const [key, expected] of keys) {
    await page.press(key);
    t.is(await chosen(), expected, key);
  }
  t.regex(
    await told(),
    /^package-0\/file-2\.js \(package-0 1\.0\.0\): \d+ ms, of that its own .*: resolving .*, running /,
  );

  const box = await page.evaluate(
    `(({ x, y, width }) => ({ x, y, width }))(document.querySelector('.timeline').getBoundingClientRect())`,
  );
  const middleOf = (row) => [box.x + box.width * 0.55, box.y + 22 + row * 20 + 10];
  const before = await page.evaluate(`document.querySelector('.timeline canvas').toDataURL()`);
  await page.press('Enter');
  t.not(await page.evaluate(`document.querySelector('.timeline canvas').toDataURL()`), before);
  // It is as wide as the timeline now.
  await page.click(...middleOf(1));
  t.is(await chosen(), '2');
  await page.click(box.x + 10, middleOf(1)[1]);
  t.is(await chosen(), '2');
  await page.press('Escape');
  await page.click(box.x + box.width * 0.05, middleOf(1)[1]);
  t.is(await chosen(), '1');
  await page.press('Escape');
  await page.click(...middleOf(0), 2);
  t.is(await chosen(), '0');

  // A module that is chosen in the table is chosen in the timeline.
  await page.evaluate(`${under('Modules')}.querySelector('tbody button').click()`);
  t.is(await page.evaluate('document.activeElement.className'), 'timeline');
  const [[name]] = await rowsOf(page, 'Modules');
  t.true((await told()).startsWith(`${name} (`));
  t.deepEqual(page.complaints(), []);
});

testInBrowser(titled('everything can be reached with the keyboard'), async (t) => {
  const { page } = await openPage(t, 30);
  const reached = [];
  for (let count = 0; count < 200; count++) {
    await page.press('Tab');
    const name = await page.evaluate(
      `document.activeElement === document.body ? '' : document.activeElement.className || document.activeElement.textContent || document.activeElement.ariaLabel`,
    );
    if (name === '') break;
    reached.push(name);
  }
  for (const name of ['timeline', 'search packages', 'search modules', 'package', 'compiling', 'its own']) {
    t.true(reached.includes(name), name);
  }
});

testInBrowser(titled('light and dark, each with enough contrast'), async (t) => {
  const { page } = await openPage(t, 1000);
  const pictures = [];
  for (const scheme of ['light', 'dark']) {
    await page.setScheme(scheme);
    const [back, front, dim] = await page.evaluate(`(() => {
      const body = getComputedStyle(document.body);
      return [body.backgroundColor, body.color, getComputedStyle(document.querySelector('header p')).color];
    })()`);
    t.is(lightness(back) > 0.5, scheme === 'light');
    for (const colour of [front, dim]) t.true(contrast(colour, back) >= 4.5, `${colour} on ${back}`);
    // Names within the blocks, on whatever colour a package has.
    for (let hue = 0; hue < 360; hue += 5) {
      const block = await page.evaluate(`(() => {
        const probe = document.createElement('p');
        const style = getComputedStyle(document.body);
        probe.style.color = 'hsl(${hue} ' + style.getPropertyValue('--block') + ')';
        probe.style.backgroundColor = style.getPropertyValue('--on-block');
        document.body.append(probe);
        const { color, backgroundColor } = getComputedStyle(probe);
        probe.remove();
        return [color, backgroundColor];
      })()`);
      t.true(contrast(...block) >= 4.5, `${block}`);
    }
    pictures.push(
      await page.evaluate(
        `new Promise((done) => requestAnimationFrame(() => done(document.querySelector('.timeline canvas').toDataURL())))`,
      ),
    );
  }
  t.not(pictures[0], pictures[1]);
});

function lightness(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map((value) => {
    const share = Number(value) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [lightness(one), lightness(other)].sort((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

testInBrowser(titled('of a real start'), async (t) => {
  const directory = workIn(t, { 'main.js': `require('./other');`, 'other.js': '' });
  const { code, stderr } = await run(directory, ['doctor', '--runs', '1', '--html', 'page.html', 'main.js']);
  t.is(code, 0, stderr);
  const page = await browse(t);
  await page.open(`${directory}/page.html`);
  t.deepEqual(page.complaints(), []);
  t.deepEqual((await rowsOf(page, 'Modules')).map(([name]) => name).sort(), ['main.js', 'other.js']);
});

test('where the page can not be written, what was found is told all the same', async (t) => {
  const directory = workIn(t, { 'main.js': '' });
  const args = ['doctor', '--json', '--no-savings', '--html', 'no/page.html', 'main.js'];
  const { code, stdout, stderr } = await run(directory, args);
  t.is(code, 1);
  t.is(JSON.parse(stdout).modules.length, 1);
  t.regex(stderr, /^fast-resolve doctor: the page can't be written: ENOENT/);
});
