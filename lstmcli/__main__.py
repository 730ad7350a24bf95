"""`python -m lstmcli` is the program `lstmcli`."""

from lstmcli.cli import main

main()
