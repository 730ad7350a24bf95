"""A pipe that is still being written: sequences come as soon as they are complete."""

import os
import threading
import zlib

import pytest

from lstmcli.data.declaration import DataSection
from lstmcli.data.reading import read_blocks


@pytest.mark.parametrize("compressed", [False, True])
def test_sequences_leave_a_live_pipe(compressed):
    reading, writing = os.pipe()
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)

    def send(text: bytes) -> None:
        if compressed:
            text = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)
        os.write(writing, text)

    # A reader that waits for more than there is would never come back without this.
    alarm = threading.Timer(20, os.close, [writing])
    alarm.start()
    with os.fdopen(reading, "rb") as stdin:
        blocks = read_blocks(["-"], DataSection(), None, stdin)
        send(b"sequence,x\n1,")
        send(b"10\n1,11\n2,20\n")
        sequences, _ = next(blocks)
        assert sequences.ids == ("1",)
        assert sequences.values.tolist() == [[10], [11]]
        send(b"2,21\n")
        send(b"3,30\n4,40\n5")
        sequences, _ = next(blocks)
        assert sequences.ids == ("2", "3")
        assert sequences.values.tolist() == [[20], [21], [30]]
        assert alarm.is_alive()
        alarm.cancel()
        if compressed:
            os.write(writing, packer.compress(b",50") + packer.flush())
        else:
            send(b",50")
        os.close(writing)
        sequences, _ = next(blocks)
        assert sequences.ids == ("4",)
        assert [block.ids for block, _ in blocks] == [("5",)]


def test_reading_stops_at_the_first_faulty_block():
    class Endless:
        def __init__(self):
            self.chunks = iter([b"sequence,x\n1,1\n", b"1,bad\n"])

        def seekable(self) -> bool:
            return False

        def read1(self, size: int) -> bytes:
            return next(self.chunks)

    with pytest.raises(Exception, match="`bad` is not a number"):
        next(read_blocks(["-"], DataSection(), None, Endless()))
