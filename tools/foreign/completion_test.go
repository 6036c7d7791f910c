package foreign_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The shells complete commands and flags by what oneline completion prints.
func TestCompletion(t *testing.T) {
	t.Parallel()
	const bash = `source /usr/share/bash-completion/bash_completion; source <(oneline completion bash)
COMP_WORDS=(oneline ver); COMP_CWORD=1; COMP_LINE="oneline ver"; COMP_POINT=${#COMP_LINE}
__oneline_bash_autocomplete; printf '%s\n' "${COMPREPLY[@]}"
COMP_WORDS=(oneline verify --la); COMP_CWORD=2; COMP_LINE="oneline verify --la"; COMP_POINT=${#COMP_LINE}
__oneline_bash_autocomplete; printf '%s\n' "${COMPREPLY[@]}"`
	const zsh = `autoload -Uz compinit; compinit -u -D; _describe() { print -rl -- $opts }
source <(oneline completion zsh); words=(oneline ver); _oneline; words=(oneline verify --la); _oneline`
	const fish = `oneline completion fish | source; complete -C "oneline ver"; complete -C "oneline verify --la"`
	for shell, script := range map[string]string{"bash": bash, "zsh": zsh, "fish": fish} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			need(t, shell)
			if _, err := os.Stat("/usr/share/bash-completion/bash_completion"); shell == "bash" && err != nil {
				t.Skip("bash-completion is not installed on this machine")
			}
			bin := t.TempDir()
			if err := os.Symlink(oneline, filepath.Join(bin, "oneline")); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), shell, "-c", script)
			cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+bin)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var words []string
			for line := range strings.Lines(string(out)) {
				word, _, _ := strings.Cut(strings.Fields(line + " .")[0], ":")
				words = append(words, word)
			}
			if !slices.Contains(words, "verify") || !slices.Contains(words, "--launch") {
				t.Errorf("verify and --launch are not among what %s offers:\n%s", shell, out)
			}
		})
	}
}
