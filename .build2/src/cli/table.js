import stringWidth from 'string-width';
import { printable } from '../printable.js';
/** Writes rows as aligned lines below their titles, each ending with a line feed. */
export function formatTable(columns, rows, colours) {
    const padded = columns.map(({ title, value, align }) => {
        const cells = [title, ...rows.map((row) => printable(String(value(row) ?? '')))];
        const width = Math.max(...cells.map((cell) => stringWidth(cell)));
        return cells.map((cell) => pad(cell, width, align));
    });
    const lines = ['', ...rows].map((_, line) => padded.map((cells) => cells[line]).join('  ').trimEnd());
    return lines.map((line, index) => `${index === 0 ? colours.bold(line) : line}\n`).join('');
}
function pad(cell, width, align) {
    const space = ' '.repeat(width - stringWidth(cell));
    return align === 'right' ? `${space}${cell}` : `${cell}${space}`;
}
//# sourceMappingURL=table.js.map