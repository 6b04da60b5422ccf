// Copies what the screens use of npm packages beside this file as it was published, with licence, version and
// hash: `make vendor` after a change of package.json. The app serves these copies; it never needs npm.
import {createHash} from 'node:crypto';
import {copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

const HERE = import.meta.dirname;
const PACKAGES = join(HERE, '..', '..', 'node_modules');
const LIT = ['lit-html', 'directive', 'async-directive', 'directive-helpers'];
const DIRECTIVES = ['class-map', 'if-defined', 'keyed', 'live', 'ref', 'repeat', 'style-map'];
const MODULES = [...LIT, ...DIRECTIVES.map(name => `directives/${name}`)];
const DIFF = ['diff/array.js', 'diff/array.d.ts', 'diff/base.js', 'diff/base.d.ts', 'types.d.ts'];
const FILES = {
  diff: ['LICENSE', ...DIFF.map(name => `libesm/${name}`)],
  'plotly.js-basic-dist-min': ['LICENSE', 'plotly-basic.min.js'],
  'lit-html': ['LICENSE', ...MODULES.flatMap(name => [`${name}.js`, `${name}.d.ts`])],
};

const hashOf = file => createHash('sha256').update(readFileSync(file)).digest('hex');

function vendor(name, files) {
  const from = join(PACKAGES, name);
  const to = join(HERE, name);
  rmSync(to, {recursive: true, force: true});
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), {recursive: true});
    copyFileSync(join(from, file), join(to, file));
  }
  const {version, license} = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const sha256 = Object.fromEntries(files.map(file => [file, hashOf(join(to, file))]));
  return {version, license, sha256};
}

const vendored = Object.fromEntries(
  Object.entries(FILES).map(([name, files]) => [name, vendor(name, files)]),
);
writeFileSync(join(HERE, 'vendored.json'), `${JSON.stringify(vendored, null, 2)}\n`);
