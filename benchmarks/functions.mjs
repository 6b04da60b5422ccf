// Lines of every named function of the JavaScript files that are given as arguments, as a JSON list:
// declarations, methods, and functions that are bound to a name. Callbacks count as lines of the function in
// which they stand.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const ts = createRequire(import.meta.url)('typescript');
const {SyntaxKind: Kind} = ts;
const FUNCTIONS = new Set([Kind.ArrowFunction, Kind.FunctionExpression]);
const NAMED = new Set([
  Kind.FunctionDeclaration,
  Kind.MethodDeclaration,
  Kind.Constructor,
  Kind.GetAccessor,
  Kind.SetAccessor,
]);
const BINDINGS = new Set([Kind.VariableDeclaration, Kind.PropertyAssignment, Kind.BinaryExpression]);

const isNamed = node =>
  NAMED.has(node.kind) || (FUNCTIONS.has(node.kind) && BINDINGS.has(node.parent.kind) && hasBlock(node));
const hasBlock = node => node.body?.kind === Kind.Block;

function lengths(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.JS,
  );
  const line = place => source.getLineAndCharacterOfPosition(place).line;
  const found = [];
  const visit = node => {
    if (isNamed(node)) found.push(line(node.end) - line(node.getStart(source)) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

process.stdout.write(JSON.stringify(process.argv.slice(2).flatMap(lengths)));
