"""`lstmcli completion`: the script that makes a shell complete commands."""

import click

from lstmcli.cli.completing import SHELLS
from lstmcli.cli.streams import result
from lstmcli.cli.usage import UsageFaultError
from lstmcli.errors import Fault


@click.command("completion")
@click.argument("shell", shell_complete=lambda ctx, item, begun: [s for s in SHELLS if s.startswith(begun)])
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes verbs, flags, their values and files when Tab is pressed.

    \b
    bash  eval "$(lstmcli completion bash)"     in ~/.bashrc
    zsh   eval "$(lstmcli completion zsh)"      in ~/.zshrc, below compinit
    fish  lstmcli completion fish | source      in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from lstmcli.cli import COMPLETES

    completes, root = get_completion_class(shell), ctx.find_root()
    if shell not in SHELLS or completes is None:
        help = f"the shells are {', '.join(SHELLS)}"
        raise UsageFaultError(Fault(f"there is no completion for `{shell}`", None, help))
    result(completes(root.command, {}, str(root.info_name), COMPLETES).source().rstrip("\n"))
