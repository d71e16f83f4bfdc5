"""What the generate commands leave: samples of any kind and a manifest, whole or not at all."""

import contextlib
import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from data.synthetic.generated import MANIFEST, manifest
from data.synthetic.image_files import Batch, batch_bounds, write_images
from foundation.files import staged_directory, write_text
from foundation.progress import CountProgress

# (start, count) -> samples start .. start + count - 1, and their labels int64 (count,) or None.
Draw = Callable[[int, int], tuple[object, np.ndarray | None]]


class SampleWriter:
    """Writes samples into a directory, with a row of manifest.csv for each.

    Args:
      directory: an existing one.
      add_rows: from `manifest`.
      generator, run, seed: where the samples come from, as the manifest says it.
      quiet: no counter on the terminal.
    """

    def __init__(
        self,
        directory: Path,
        add_rows: Callable,
        generator: str,
        run: str | Path,
        seed: int,
        quiet: bool,
    ):
        self.directory, self.add_rows, self.quiet = directory, add_rows, quiet
        self.origin = generator, run, seed

    def images(self, draw: Draw, count: int, form: str, batch_size: int, shard_size: int) -> None:
        """images.npz or its shards, .tfrecord files, or one .png each; in constant memory.

        Args:
          draw: images uint8 (count, height, width, channels); never asked across the border of a
            shard.
          form, shard_size: see data.synthetic.image_files.write_images.
          batch_size: images held in memory at once.
        """

        def batches() -> Iterator[Batch]:
            for start, end in batch_bounds(count, batch_size, shard_size):
                images, labels = draw(start, end - start)
                self._record(start, [hashlib.sha256(image).hexdigest() for image in images], labels)
                yield start, images, labels
                progress.advance(len(images))

        with CountProgress(count, "images", self.quiet) as progress:
            write_images(form, self.directory, batches(), count, shard_size)

    def table(self, draw: Draw, count: int, batch_size: int) -> None:
        """table.csv, in the columns and units of the data.

        Args:
          draw: a data.tables.dataset.Table.
          batch_size: rows held in memory at once.
        """
        with (
            open(self.directory / "table.csv", "w", encoding="utf-8", newline="") as file,
            CountProgress(count, "rows", self.quiet) as progress,
        ):
            writer = csv.writer(file, lineterminator="\n")
            for start, end in batch_bounds(count, batch_size, count):
                table, _ = draw(start, end - start)
                if start == 0:
                    writer.writerow(table.names)
                writer.writerows(table.rows())
                self._record(start, table.hashes(), table.labels)
                progress.advance(end - start)

    def texts(self, texts: Iterable[str], suffix: str = "txt") -> int:
        """One file each, named by its index; returns the number of characters."""
        characters = 0
        for index, text in enumerate(texts):
            write_text(self.directory / f"{index:06d}.{suffix}", text)
            self._record(index, [hashlib.sha256(text.encode("utf-8")).hexdigest()])
            characters += len(text)
        return characters

    def series(self, series: Iterable[np.ndarray], columns: tuple[str, ...]) -> None:
        """One .csv each, in the columns and units of the data.

        Args:
          series: float64 (steps, columns) each.
          columns: their names.
        """
        self.texts((series_csv(each, columns) for each in series), suffix="csv")

    def _record(self, start: int, digests: list[str], labels: np.ndarray | None = None) -> None:
        """The manifest's rows of samples start, start + 1, ..."""
        shown = [""] * len(digests) if labels is None else labels.tolist()
        self.add_rows(
            (start + i, *self.origin, label, digest)
            for i, (digest, label) in enumerate(zip(digests, shown, strict=True))
        )


@contextlib.contextmanager
def new_samples(
    out: str | Path, generator: str, run: str | Path, seed: int, quiet: bool = False
) -> Iterator[SampleWriter]:
    """A writer into a new directory; if the block raises, nothing of it is left.

    Args: as SampleWriter.
    Raises: InputError if `out` is in use.
    """
    with staged_directory(out) as directory, manifest(directory / MANIFEST) as add_rows:
        yield SampleWriter(directory, add_rows, generator, run, seed, quiet)


def series_csv(series: np.ndarray, columns: tuple[str, ...]) -> str:
    """A header and a line for each step, with every digit; series: float64 (steps, columns)."""
    rows = [columns, *(map(repr, step) for step in series.tolist())]
    return "".join(",".join(row) + "\n" for row in rows)


def show_texts(texts: Iterable[str], streams: int, prime: str = "") -> int:
    """Print texts, each after the prime text, with a line above each if there are several.

    Returns: the number of characters, without the prime text.
    """
    characters = 0
    for number, text in enumerate(texts, start=1):
        if streams > 1:
            print(f"=== stream {number} of {streams}")
        print(prime + text, flush=True)
        characters += len(text)
    return characters
