import { execFileSync } from 'node:child_process';
import t from 'tap';
import { runHere } from '../../support/terminal.js';
t.test('bash takes the script, and completes commands and options with it', async (t) => {
    const { exitCode, printed } = await runHere(['completion', 'bash']);
    t.equal(exitCode, 0);
    execFileSync('bash', ['-n'], { input: printed });
    const complete = (...words) => execFileSync('bash', ['-s', '--', 'stip-sandbox', ...words], {
        input: `${printed}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stip_sandbox; printf '%s\\n' "\${COMPREPLY[@]}"\n`,
        encoding: 'utf8'
    }).trim().split('\n');
    t.same(complete('sna'), ['snapshot']);
    t.same(complete('snapshot', 're'), ['restore', 'reset']);
    t.same(complete('client', 'rot'), ['rotate-key'], 'behind an alias');
    t.same(complete('snapshot', 'restore', 'my-name', '--d'), ['--dry-run']);
    t.same(complete('nothing', 'sna'), ['snapshot'], 'what is no command leads nowhere');
    t.same(complete('snapshot', 'restore', 'exp'), ['']);
});
//# sourceMappingURL=completion.test.js.map