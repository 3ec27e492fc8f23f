import { existsSync, readFileSync } from 'node:fs';
/**
 * The folder of the package: what stands beside the code (migrations, examples, package.json) is found from
 * here, whether the code runs as TypeScript from `src` or compiled from `dist`.
 */
export const packageRoot = findRoot(new URL('.', import.meta.url));
/** The version of the package. */
export const packageVersion = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')).version;
function findRoot(folder) {
    return existsSync(new URL('package.json', folder)) ? folder : findRoot(new URL('..', folder));
}
//# sourceMappingURL=package-root.js.map