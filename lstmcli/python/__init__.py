"""The program's words for Python: arrays in, arrays out. Beside `cli` the other way in."""

from lstmcli.errors import InputError
from lstmcli.python.network import Network, read_network
from lstmcli.python.training import train_network
from lstmcli.thread_count import set_threads

__all__ = ["InputError", "Network", "read_network", "set_threads", "train_network"]
