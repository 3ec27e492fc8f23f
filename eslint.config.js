import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: resolveIgnoresFromGitignore() }),
  // Only a regular expression cannot be wrapped.
  { rules: { '@stylistic/max-len': ['error', { code: 120, ignoreRegExpLiterals: true }] } },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // A TypeBox schema and its type carry one name. Real redeclarations are an error of the compiler already.
      '@typescript-eslint/no-redeclare': 'off'
    }
  }
]
