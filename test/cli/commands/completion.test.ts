import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { makeFolder } from '../../support/folder.js'
import { runHere } from '../../support/terminal.js'

/** Asks each shell for what may stand in the place of the last word, with the script that it is given. */
const SHELLS: Readonly<Record<string, (script: string, words: readonly string[], cwd: string) => string>> = {
  bash: (script, words, cwd) => execFileSync('bash', ['-s', '--', 'stip-sandbox', ...words], {
    input: `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stip_sandbox; printf '%s\\n' "\${COMPREPLY[@]}"\n`,
    encoding: 'utf8',
    cwd
  }),
  // Outside of its line editor, zsh has no word to complete: the part that compares the words with it stands here.
  zsh: (script, words, cwd) => execFileSync('zsh', ['-f', '-s', '--', 'stip-sandbox', ...words], {
    input: `compdef () { [[ "$*" == '_stip_sandbox stip-sandbox' ]] }; _files () { }
      compadd () { shift; local found=("\${(@M)@:#\${words[CURRENT]}*}"); print -l -- $found; (( $#found )) }
      ${script}\nwords=("$@"); CURRENT=$#; _stip_sandbox\n`,
    encoding: 'utf8',
    cwd
  }),
  fish: (script, words, cwd) => execFileSync('fish', ['--no-config', '-c', `${script}\ncomplete -C "$argv"`, ...[
    'stip-sandbox', ...words
  ]], { encoding: 'utf8', cwd })
}

for (const [shell, ask] of Object.entries(SHELLS)) {
  const isMissing = spawnSync(shell, ['--version']).status !== 0

  t.test(`${shell} takes the script, and completes commands and options with it`, {
    skip: isMissing && `${shell} is not there`
  }, async (t) => {
    const { exitCode, printed } = await runHere(['completion', shell])
    t.equal(exitCode, 0)
    const folder = makeFolder(t) // Files would complete, too.
    const complete = (...words: string[]): string[] => ask(printed, words, folder).trim().split('\n').sort()
    t.same(complete('sna'), ['snapshot'])
    t.same(complete('snapshot', 're'), ['reset', 'restore'])
    t.same(complete('client', 'rot'), ['rotate-key'], 'behind an alias')
    t.same(complete('snapshot', 'restore', 'my-name', '--d'), ['--dry-run'])
    t.same(complete('nothing', 'sna'), ['snapshot'], 'a word that is no command leads nowhere')
    t.same(complete('snapshot', 'restore', 'exp'), [''])
  })
}

t.test('each shell gets a script with every command, and an example of where to put it', async (t) => {
  for (const shell of Object.keys(SHELLS)) {
    t.match(await runHere(['completion', shell]), { exitCode: 0, printed: /'snapshot save'[^]*balance-files/ }, shell)
    t.match((await runHere(['completion', shell, '--help'])).printed, `completion ${shell} > ~/.`)
  }
})
