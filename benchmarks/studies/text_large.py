"""A large text file: the time to the first training step, and the memory that training holds.

    python -m benchmarks.studies.text_large [MEGABYTES]

Makes a file of that size (200 MB unless said) from the embedded Shakespeare, its words shuffled a
line at a time so that the lines differ, loads it as `text train --data file:PATH` does, and
trains for a hundred steps of the default model. Linux only (/proc).
"""

import re
import sys
import tempfile
import time
from pathlib import Path

from data.texts.load import read_text
from foundation.purposes import BENCHMARK, rng
from lstm_text.config import TextSettings
from lstm_text.train import TextLearner, load_corpus
from training.seeds import make_repeatable

STEPS = 104


def main(megabytes: int) -> None:
    """Make, load, train, and print what it took."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "large.txt"
        write_large_file(path, megabytes * 1_000_000)
        report("before loading")
        started = time.perf_counter()
        settings = TextSettings(data=f"file:{path}", quiet=True, decay_epochs=1)
        corpus = load_corpus(settings)
        report(f"loaded {corpus.train.size:,} training characters", started)
        make_repeatable(0)
        learner = TextLearner(settings, corpus, Path(directory))
        learner.begin_epoch(0, 0)
        learner.train_steps(0, 0, 8)
        learner.averages.result()
        report("the first 8 steps are done", started)
        for first in range(8, STEPS, 8):
            learner.train_steps(0, first, first + 8)
        learner.averages.result()
        report(f"{STEPS} steps are done", started)


def write_large_file(path: Path, size: int) -> None:
    """Lines of Shakespeare with their words in another order each time around, in ASCII."""
    lines = read_text("shakespeare").encode("ascii", "replace").splitlines()
    generator, written = rng(0, BENCHMARK), 0
    with open(path, "wb") as file:
        while written < size:
            block = []
            for line in lines:
                words = line.split()
                generator.shuffle(words)
                block.append(b" ".join(words))
            written += file.write(b"\n".join(block)[: size - written])


def report(what: str, started: float | None = None) -> None:
    """Print a line with the memory now: anonymous (the program's own) and mapped files."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own, mapped, peak = (
        int(re.search(rf"{name}:\s+(\d+) kB", status).group(1)) / 1024
        for name in ("RssAnon", "RssFile", "VmHWM")
    )
    seconds = "" if started is None else f", {time.perf_counter() - started:.1f} s"
    print(
        f"{what}{seconds}: {own:.0f} MiB own, {mapped:.0f} MiB mapped files, peak {peak:.0f} MiB",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
