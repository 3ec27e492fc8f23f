import t from 'tap';
import { makeSeed } from '../support/standalone.js';
import { crash } from './crash.js';
t.test('what was answered survives a SIGKILL at any moment, whole and byte for byte', async (t) => {
    const seed = makeSeed();
    t.comment(`the seed is ${seed}; "npm run test:crash -- --seed ${seed}" begins with the same moments`);
    t.same(await crash(t, { kills: 2, seed }, (line) => { t.comment(line); }), []);
});
//# sourceMappingURL=crash.test.js.map