import { median } from './results.js';
const WIDTH = 760;
const LABEL_WIDTH = 270;
const VALUE_WIDTH = 90;
const BAR_HEIGHT = 24;
const ROW_HEIGHT = 34;
const TOP = 64;
const TITLE = 'Requests per second, 25 items each, 64 connections (bar: median, line: spread)';
/** Draws the services' requests a second as bars, ours in another colour, with the spread of the rounds as a line. */
export function drawChart(figures, { processor, cores, node }) {
    const services = Object.entries(figures).sort(([, left], [, right]) => median(right.requestsPerSecond) - median(left.requestsPerSecond));
    const most = Math.max(...services.flatMap(([, { requestsPerSecond }]) => requestsPerSecond));
    const x = (value) => LABEL_WIDTH + value / most * (WIDTH - LABEL_WIDTH - VALUE_WIDTH);
    const bars = services.map(([name, { requestsPerSecond }], index) => {
        const y = TOP + index * ROW_HEIGHT;
        const middle = median(requestsPerSecond);
        const [least, greatest] = [Math.min(...requestsPerSecond), Math.max(...requestsPerSecond)];
        const width = (x(middle) - LABEL_WIDTH).toFixed(1);
        const fill = name === 'stip-sandbox' ? '#0a7d5a' : '#9aa5b1';
        const line = y + BAR_HEIGHT / 2;
        return `  <text x="${LABEL_WIDTH - 10}" y="${y + 16}" text-anchor="end">${name}</text>
  <rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="${fill}"/>
  <line x1="${x(least).toFixed(1)}" x2="${x(greatest).toFixed(1)}" y1="${line}" y2="${line}" stroke="#1f2933"/>
  <text x="${(x(greatest) + 8).toFixed(1)}" y="${y + 16}">${middle.toFixed(0)}</text>`;
    });
    const machine = `Server on one core, load on another: ${processor}, ${cores} cores, Node ${node}`;
    const height = TOP + services.length * ROW_HEIGHT + 10;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}"
  font-family="sans-serif" font-size="13" fill="#1f2933">
  <rect width="100%" height="100%" fill="#ffffff"/>
  <text x="20" y="24" font-size="16">${TITLE}</text>
  <text x="20" y="44" fill="#52606d">${machine}</text>
${bars.join('\n')}
</svg>
`;
}
//# sourceMappingURL=chart.js.map