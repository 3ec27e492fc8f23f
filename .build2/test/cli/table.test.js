import pc from 'picocolors';
import t from 'tap';
import { formatTable } from '../../src/cli/table.js';
import { printable } from '../../src/printable.js';
import { coloursFor } from '../../src/cli/terminal.js';
import { makeTerminal } from '../support/terminal.js';
const PLAIN = pc.createColors(false);
const COLUMNS = [
    { title: 'Name', value: ([name]) => name },
    { title: 'Amount', value: ([, amount]) => amount, align: 'right' }
];
t.test('texts stand at the left and amounts at the right, also beside wide characters', async (t) => {
    t.equal(formatTable(COLUMNS, [['Olga', '-150.20'], ['東京', '5']], PLAIN), 'Name   Amount\nOlga  -150.20\n東京        5\n');
});
t.test('empty cells leave no blanks at the end of a line', async (t) => {
    t.equal(formatTable([{ title: 'A', value: () => 1 }, { title: 'B', value: () => null }], [0], PLAIN), 'A  B\n1\n');
    t.equal(formatTable(COLUMNS, [], PLAIN), 'Name  Amount\n');
});
t.test('control characters are shown and not sent to the terminal', async (t) => {
    t.equal(printable('a\u001b[31m\n\u009bé'), 'a\\u001b[31m\\u000a\\u009bé');
    t.equal(formatTable(COLUMNS, [['\u001b[2J', '1']], PLAIN), 'Name       Amount\n\\u001b[2J       1\n');
});
t.test('titles are bold on a terminal whose user has not said NO_COLOR', async (t) => {
    t.equal(formatTable(COLUMNS, [], coloursFor(makeTerminal({}, ''))), '\u001b[1mName  Amount\u001b[22m\n');
    t.equal(coloursFor(makeTerminal({ NO_COLOR: '1' }, '')).isColorSupported, false);
    t.equal(coloursFor(makeTerminal()).isColorSupported, false);
});
//# sourceMappingURL=table.test.js.map