"""The screen of a terminal, as far as a progress bar needs one."""

import re

CONTROL = re.compile(r"\x1b\[(\?)?([0-9;]*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


def screen_of(written: str) -> str:
    """What stands on the screen after all this was written: its lines, without spaces at their ends.

    Knows the control sequences to move up, to erase a line, to hide the cursor and to colour.
    """
    lines = [""]
    row = column = 0
    at = 0
    while at < len(written):
        found = CONTROL.match(written, at)
        assert found, f"not known to this terminal: {written[at : at + 10]!r}"
        at = found.end()
        private, count, letter, move, text = found.groups()
        if text:
            lines[row] = lines[row].ljust(column)
            lines[row] = lines[row][:column] + text + lines[row][column + len(text) :]
            column += len(text)
        elif move == "\r":
            column = 0
        elif move == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif letter == "A":
            row -= int(count or 1)
        elif (letter, count) == ("K", "2"):
            lines[row] = ""
        else:
            assert letter == "m" or (private and letter in "hl"), found[0]
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"
