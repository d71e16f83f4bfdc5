"""What TensorFlow says when it is imported: the chatter goes."""

import os

from foundation.quiet import CHATTER, without_startup_chatter


def test_startup_chatter_goes_and_errors_stay(capfd):
    with without_startup_chatter():
        os.write(2, b"I0000 00:00:1 1 port.cc:153] oneDNN custom operations are on.\n")
        os.write(2, b"E0000 00:00:1 1 cuda.cc:52] failed call to cuInit: UNKNOWN ERROR (303)\n")
        os.write(2, b"E0000 00:00:1 1 x.cc:9] a real error\n")
    assert capfd.readouterr().err == "E0000 00:00:1 1 x.cc:9] a real error\n"
    assert not CHATTER.match("Traceback (most recent call last):")
