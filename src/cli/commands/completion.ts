import type { Command } from 'commander'
import { addCommand, addGroup } from '../data-command.js'
import type { Terminal } from '../terminal.js'

/** How a script is written for each shell, and where that shell looks for it. */
const SHELLS: Readonly<Record<string, readonly [write: (words: Words) => string, file: string]>> = {
  bash: [writeBash, '~/.local/share/bash-completion/completions/stip-sandbox'],
  zsh: [writeZsh, '~/.zfunc/_stip-sandbox'],
  fish: [writeFish, '~/.config/fish/completions/stip-sandbox.fish']
}

/** Adds `completion` with a command for each shell, which prints a script that completes commands and options. */
export function addCompletionCommand (program: Command, { output }: Terminal): void {
  const group = addGroup(program, 'completion', 'Complete commands and options in a shell')
  for (const [shell, [write, file]] of Object.entries(SHELLS)) {
    addCommand(group, shell, `Print the script for ${shell}`, `completion ${shell} > ${file}`)
      .action(() => { output.write(write(wordsOf(program))) })
  }
}

/** What may follow a path of commands such as `snapshot save`: commands and options. */
type Words = ReadonlyArray<readonly [path: string, words: readonly string[]]>

/** Reads the words from the tree of commands. No name there has a character that a shell reads as its own. */
function wordsOf (command: Command, path = ''): Words {
  const help = command.createHelp()
  const own = [
    ...help.visibleCommands(command).map((child) => child.name()),
    ...help.visibleOptions(command).map(({ long }) => String(long))
  ]
  return [[path, own], ...command.commands.flatMap((child) =>
    [child.name(), ...child.aliases()].flatMap((name) => wordsOf(child, `${path} ${name}`.trim())))]
}

/** Behind the last word that is a command stands what follows it. Files complete where a word is none of these. */
function writeBash (words: Words): string {
  const paths = words.slice(1).map(([path]) => `'${path}'`).join('|')
  const cases = words.map(([path, own]) => `    '${path}') words='${own.join(' ')}' ;;\n`).join('')
  return `_stip_sandbox () {
  local path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths}) path="\${path:+$path }$word" ;;
      *) break ;;
    esac
  done
  case "$path" in
${cases}  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _stip_sandbox stip-sandbox
`
}

/** Files complete where no word does. In zsh, `words` and `path` have meanings of their own. */
function writeZsh (words: Words): string {
  const paths = words.slice(1).map(([path]) => `'${path}'`).join('|')
  const cases = words.map(([path, own]) => `    '${path}') known=(${own.join(' ')}) ;;\n`).join('')
  return `#compdef stip-sandbox
_stip_sandbox () {
  local at='' word
  local -a known
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      ${paths}) at="\${at:+$at }$word" ;;
      *) break ;;
    esac
  done
  case "$at" in
${cases}  esac
  compadd -- $known || _files
}
if [[ "\${funcstack[1]}" == _stip-sandbox ]]; then _stip_sandbox; else compdef _stip_sandbox stip-sandbox; fi
`
}

/** Files complete beside the words, as fish does by itself. */
function writeFish (words: Words): string {
  const paths = words.slice(1).map(([path]) => `'${path}'`).join(' ')
  const cases = words.map(([path, own]) => `    case '${path}'\n      printf '%s\\n' ${own.join(' ')}\n`).join('')
  return `function __stip_sandbox_words
  set -l at ''
  for word in (commandline -opc)[2..]
    set -l further (string trim "$at $word")
    switch "$further"
      case ${paths}
        set at "$further"
      case '*'
        break
    end
  end
  switch "$at"
${cases}  end
end
complete -c stip-sandbox -a '(__stip_sandbox_words)'
`
}
