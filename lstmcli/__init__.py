"""Train and run MATLAB's recurrent networks from YAML layer arrays and CSV sequences, or from Python."""

from typing import TYPE_CHECKING

from lstmcli.version import __version__

if TYPE_CHECKING:
    from lstmcli.errors import InputError
    from lstmcli.python.network import Network, read_network
    from lstmcli.python.training import train_network
    from lstmcli.thread_count import set_threads

__all__ = ["InputError", "Network", "__version__", "read_network", "set_threads", "train_network"]


def __getattr__(name: str) -> object:
    # The program itself begins here, too: `lstmcli --help` must not wait for NumPy.
    if name not in __all__:
        raise AttributeError(f"module `lstmcli` has no attribute `{name}`")
    from lstmcli import python

    return getattr(python, name)


def __dir__() -> list[str]:
    return __all__
