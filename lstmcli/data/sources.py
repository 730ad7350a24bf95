"""Bytes of files and pipes: gzip undone, other than text refused, cut into blocks of whole lines."""

import os
import sys
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lstmcli.errors import DataError, Fault, Place, did_you_mean
from lstmcli.signature import is_hdf5, may_be_hdf5

CHUNK = 2 << 20
"""Bytes read at once: large enough for full speed, small enough to be no burden."""

PIPE = 1 << 16
"""Bytes that a pipe holds. Room for more would be asked of the system, and given back, for each row."""

GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_16 = b"\xff\xfe", b"\xfe\xff"
"""Byte order marks, too, of texts that other programs save."""


def source_name(path: str) -> str:
    """The name of a source in messages: `stdin` for `-`."""
    return "stdin" if path == "-" else path


Skip = Callable[[Fault], None]
"""What is told of the fault of a line that is left out."""


class Lines(NamedTuple):
    """Whole lines of a text: the number of the first, counted from 1, their number, and they themselves."""

    first: int
    total: int
    text: bytes


def line_blocks(path: str, stdin: BinaryIO | None, skip: Skip | None = None) -> Iterator[Lines]:
    """The text of a file or of stdin (`-`) in blocks of whole lines, as soon as they are there.

    Empty lines at the end of the text are left out, so that a final line end makes no difference.
    skip : takes the fault of each line that is no text in UTF-8, which is then left out
    Raises DataError if it cannot be read, is empty, or is not UTF-8 text.
    """
    line = 1
    rest = b""
    for chunk in chain(text_chunks(path, stdin), [b"\n"]):
        rest += chunk
        stop = rest.rfind(b"\n")
        while stop > 0 and rest[stop - 1] in b"\r\n":
            stop -= 1
        start = rest.index(b"\n") + 1 if line > 1 and stop >= 0 else 0
        if stop <= start:
            continue
        complete, rest = rest[start:stop], rest[stop:]
        if BYTE_ORDER_MARK in complete:
            complete = complete.replace(b"\n" + BYTE_ORDER_MARK, b"\n").removeprefix(BYTE_ORDER_MARK)
        for part in _sound_lines(complete, path, line):
            if isinstance(part, Lines):
                yield part
            elif skip is None:
                raise DataError(part)
            else:
                skip(part)
        line += complete.count(b"\n") + 1
    if line == 1:
        raise DataError(Fault("the file is empty", Place(source_name(path))))


def text_chunks(path: str, stdin: BinaryIO | None) -> Iterator[bytes]:
    """The bytes of a text as they come, decompressed, without byte order mark."""
    place = Place(source_name(path))
    # Whoever keeps a fault does not keep the file open.
    with closing(raw_chunks(path, stdin)) as opened:
        raw: Iterator[bytes] = opened
        head = first_bytes(raw, len(GZIP))
        while may_be_hdf5(head) and (chunk := next(raw, b"")):
            head += chunk
        if is_hdf5(head):
            help = "models come before the data; `lstmcli analyze` shows one"
            raise DataError(Fault("this is a model file, not data", place, help))
        if head.startswith(GZIP):
            raw = gunzip(chain([head], raw), place)
            head = b""
        head += first_bytes(raw, len(BYTE_ORDER_MARK) - len(head))
        if head.startswith(UTF_16):
            raise DataError(Fault("this is text in UTF-16", place, "save the file as UTF-8"))
        if b"\0" in head and _first_odd(head.partition(b"\n")[0]):
            raise DataError(Fault("this is not text: a CSV was expected", place))
        yield head.removeprefix(BYTE_ORDER_MARK)
        yield from raw


def raw_chunks(path: str, stdin: BinaryIO | None) -> Generator[bytes]:
    """The bytes of a file or of stdin; a live pipe is never waited on for more than it has."""
    try:
        if path == "-":
            yield from iter(lambda: read_some(stdin or sys.stdin.buffer), b"")
        else:
            with open(path, "rb") as file:
                yield from iter(lambda: read_some(file), b"")
    except FileNotFoundError:
        raise DataError(_no_file(path)) from None
    except OSError as error:
        raise DataError(Fault(f"this cannot be read: {error.strerror}", Place(source_name(path)))) from None


def check_there(paths: Iterable[str]) -> None:
    """Raise DataError for the files and folders that are not there."""
    faults = []
    for path in paths:
        try:
            path == "-" or os.stat(path)
        except (FileNotFoundError, ValueError):
            faults.append(_no_file(path))
        except OSError:
            continue
    if faults:
        raise DataError(faults)


def list_folder(folder: Path) -> list[Path]:
    """What is in a folder, in the order of names."""
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise DataError(Fault(f"this cannot be read: {error.strerror}", Place(str(folder)))) from None


def _no_file(path: str) -> Fault:
    folder, name = Path(path).parent, Path(path).name
    try:
        near = did_you_mean(name, (entry.name for entry in list_folder(folder)))
    except DataError:
        near = None
    return Fault("there is no such file", Place(path), near)


def read_some(file: BinaryIO) -> bytes:
    """At most CHUNK bytes, with at most one system call; none at the end."""
    data: bytes = file.read1(CHUNK if file.seekable() else min(CHUNK, PIPE))  # type: ignore[attr-defined]
    return data


def first_bytes(chunks: Iterator[bytes], count: int) -> bytes:
    """At least `count` bytes, fewer only where there are no more."""
    head = b""
    while len(head) < count and (chunk := next(chunks, b"")):
        head += chunk
    return head


def gunzip(chunks: Iterator[bytes], place: Place) -> Iterator[bytes]:
    """The decompressed bytes of one or more gzip members, in pieces of at most CHUNK."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    try:
        for chunk in chunks:
            while chunk:
                if member.eof:
                    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
                begun = True
                text = member.decompress(chunk, CHUNK)
                # Tape and block tools fill the last block with zeros.
                chunk = member.unused_data.lstrip(b"\0") if member.eof else member.unconsumed_tail
                if text:
                    yield text
    except zlib.error:
        raise DataError(Fault("the gzip data is damaged", place)) from None
    if begun and not member.eof:
        raise DataError(Fault("the gzip data is cut short", place))


def _sound_lines(text: bytes, path: str, line: int) -> Iterator[Lines | Fault]:
    """Lines of text, and between them the fault of each that is none; they begin at `line`."""
    while text:
        odd = _first_odd(text)
        if odd is None:
            yield Lines(line, text.count(b"\n") + 1, text)
            return
        at, message, help = odd
        before, stop = text.rfind(b"\n", 0, at), text.find(b"\n", at)
        row = line + text.count(b"\n", 0, at)
        if before >= 0:
            yield Lines(line, row - line, text[:before])
        yield Fault(message, Place(source_name(path), row), help)
        line, text = row + 1, text[stop + 1 :] if stop >= 0 else b""


def _first_odd(text: bytes) -> tuple[int, str, str] | None:
    """Where the first byte is that is not of a text, what is wrong, and what would be right."""
    zero = text.find(b"\0")
    try:
        # A text in ASCII is not decoded.
        text.isascii() or text.decode()
    except UnicodeDecodeError as error:
        if not 0 <= zero < error.start:
            return error.start, "the row is not UTF-8 text", "save the file as UTF-8"
    return None if zero < 0 else (zero, "the row has a byte of zero", "leave the row out")
