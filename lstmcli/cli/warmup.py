"""`lstmcli warmup`: every kernel into the cache."""

import time

import click

from lstmcli.cli.flags import threads_flag, use_threads
from lstmcli.cli.streams import note


@click.command("warmup")
@threads_flag
def command(threads: int | None) -> None:
    """Compile all kernels into the cache now, so that no later run has to.

    The cache is made for one machine's processor; on a cluster run it once on each kind of node.
    """
    from lstmcli.kernels.cache import cache_folder
    from lstmcli.warmup import compile_all

    use_threads(threads)
    begun = time.monotonic()
    compile_all()
    where = f" into {cache_folder()}" if cache_folder() else ""
    note(f"compiled{where} in {time.monotonic() - begun:.1f} s")
