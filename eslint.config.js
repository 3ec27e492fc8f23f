import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: resolveIgnoresFromGitignore() }),
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
