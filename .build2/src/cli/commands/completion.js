import { addCommand, addGroup } from '../data-command.js';
/** Adds `completion bash`, which prints a script that completes commands and options. */
export function addCompletionCommand(program, { output }) {
    addCommand(addGroup(program, 'completion', 'Complete commands and options in a shell'), 'bash', 'Print the script for bash', 'completion bash > ~/.local/share/bash-completion/completions/stip-sandbox')
        .action(() => { output.write(writeBash(wordsOf(program))); });
}
/** Reads the words from the tree of commands. No name there has a character that a shell reads as its own. */
function wordsOf(command, path = '') {
    const help = command.createHelp();
    const own = [
        ...help.visibleCommands(command).map((child) => child.name()),
        ...help.visibleOptions(command).map(({ long }) => String(long))
    ];
    return [[path, own], ...command.commands.flatMap((child) => [child.name(), ...child.aliases()].flatMap((name) => wordsOf(child, `${path} ${name}`.trim())))];
}
/** Behind the last word that is a command stands what follows it. Files complete where a word is none of these. */
function writeBash(words) {
    const paths = words.slice(1).map(([path]) => `'${path}'`).join('|');
    const cases = words.map(([path, own]) => `    '${path}') words='${own.join(' ')}' ;;\n`).join('');
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
`;
}
//# sourceMappingURL=completion.js.map