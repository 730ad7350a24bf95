"""`lstmcli` and `python -m lstmcli`: the program, which an interrupt ends quietly from its first line on."""

import sys


def main() -> None:
    """Run the program and exit."""
    try:
        from lstmcli.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
