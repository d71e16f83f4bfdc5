"""What the generate commands leave: samples of any kind and a manifest, whole or not at all.

Images come and are written in batches, in constant memory, as .npz or .tfrecord shards or one .png
each; no batch crosses the border of a shard.
"""

import contextlib
import csv
import dataclasses
import hashlib
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from foundation.files import staged_directory, write_text
from foundation.pictures import to_picture
from foundation.progress import CountProgress
from foundation.quiet import import_tensorflow

if TYPE_CHECKING:
    from data.tables.dataset import Table
    from data.tables.schema.columns import Schema

MANIFEST = "manifest.csv"
COLUMNS = ("index", "generator", "run", "seed", "label", "sha256")

# (start, count) -> samples start .. start + count - 1, and their labels int64 (count,) or None.
Draw = Callable[[int, int], tuple[object, np.ndarray | None]]
Batch = tuple[int, np.ndarray, np.ndarray | None]  # first index, images, labels


@dataclasses.dataclass
class SampleWriter:
    """Writes samples into a directory, with a row of manifest.csv for each."""

    directory: Path  # an existing one
    add_rows: Callable  # writes rows of COLUMNS
    origin: tuple[str, str | Path, int]  # generator, run and seed
    quiet: bool  # no counter on the terminal

    def images(self, draw: Draw, count: int, form: str, batch_size: int, shard_size: int) -> None:
        """images.npz or its shards, .tfrecord files, or one .png each.

        Args:
          draw: images uint8 (count, height, width, channels); never asked across the border of a
            shard.
          form: "npz": shards with `images` uint8 (n, h, w, c) and, if any, `labels` int64;
            "tfrecord": shards of tf.train.Example (see `example`); "png": one file an image, named
            by its index.
          batch_size: images held in memory at once.
          shard_size: images a shard.

        Raises: OSError if the disk refuses.
        """

        def batches() -> Iterator[Batch]:
            for start, end in batch_bounds(count, batch_size, shard_size):
                images, labels = draw(start, end - start)
                self._record(start, [hashlib.sha256(image).hexdigest() for image in images], labels)
                yield start, images, labels
                progress.advance(len(images))

        write_shard = {"npz": _write_npz, "tfrecord": _write_tfrecord, "png": _write_png}[form]
        shards = -(-count // shard_size)
        with CountProgress(count, "images", self.quiet) as progress:
            for number, shard in itertools.groupby(batches(), lambda batch: batch[0] // shard_size):
                part = f"-{number:05d}-of-{shards:05d}" if shards > 1 else ""
                write_shard(self.directory / f"images{part}.{form}", shard)

    def table(
        self, draw: Draw, count: int, batch_size: int, schema: "Schema | None" = None
    ) -> None:
        """table.csv, in the form of the data.

        Args:
          draw: a data.tables.dataset.Table.
          batch_size: rows held in memory at once.
          schema: of the data; None: as the table's columns have them.
        """
        with (
            open(self.directory / "table.csv", "w", encoding="utf-8", newline="") as file,
            CountProgress(count, "rows", self.quiet) as progress,
        ):
            for start, end in batch_bounds(count, batch_size, count):
                table, _ = draw(start, end - start)
                lines = table_lines(table, schema, self.origin[2], start)
                file.write(csv_text(lines, schema))
                rows = map("\x1f".join, lines[-len(table) :])
                digests = [hashlib.sha256(row.encode()).hexdigest() for row in rows]
                names = np.array(table.class_names)
                self._record(start, digests, names[table.labels] if len(names) else None)
                progress.advance(end - start)

    def texts(self, texts: Iterable[str], suffix: str = "txt") -> int:
        """One file each, named by its index; returns the number of characters."""
        characters = 0
        for index, text in enumerate(texts):
            write_text(self.directory / f"{index:06d}.{suffix}", text)
            self._record(index, [hashlib.sha256(text.encode("utf-8")).hexdigest()])
            characters += len(text)
        return characters

    def series(self, tables: "Iterable[Table]", schema: "Schema | None" = None) -> None:
        """One .csv each, in the form of the data; `schema` as of `table`."""
        lines = (table_lines(table, schema, self.origin[2]) for table in tables)
        self.texts((csv_text(each, schema) for each in lines), suffix="csv")

    def _record(self, start: int, digests: list[str], labels: np.ndarray | None = None) -> None:
        """The manifest's rows of samples start, ...; labels: positions, of tables names."""
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

    Args:
      generator, run, seed: where the samples come from, as the manifest says it.

    Raises: InputError if `out` is in use.
    """
    with (
        staged_directory(out) as directory,
        open(directory / MANIFEST, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        yield SampleWriter(directory, writer.writerows, (generator, run, seed), quiet)


def table_lines(
    table: "Table", schema: "Schema | None", seed: int, start: int = 0
) -> list[Sequence[str]]:
    """The cells of rows start, start + 1, ...; before row 0 the header, if the data have one."""
    if schema is None:
        return [table.names] * (start == 0) + list(table.rows())
    has_header = schema.header and start == 0
    return [schema.names] * has_header + list(schema.rows(table, seed, start))


def csv_text(lines: Iterable[Sequence[str]], schema: "Schema | None") -> str:
    """The lines as a csv file with the delimiter of the data."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=schema.delimiter if schema else ",", lineterminator="\n")
    writer.writerows(lines)
    return text.getvalue()


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


def batch_bounds(count: int, batch_size: int, shard_size: int) -> Iterator[tuple[int, int]]:
    """(start, end) of batches of at most `batch_size`, none across the border of a shard."""
    for shard in range(0, count, shard_size):
        shard_end = min(shard + shard_size, count)
        for start in range(shard, shard_end, batch_size):
            yield start, min(start + batch_size, shard_end)


def _write_png(path: Path, shard: Iterator[Batch]) -> None:
    """One file an image beside `path`, named by its index."""
    for start, images, _ in shard:
        for index, image in enumerate(images, start):
            to_picture(image).save(path.parent / f"{index:06d}.png")


def _write_npz(path: Path, shard: Iterator[Batch]) -> None:
    parts = list(shard)
    arrays = {"images": np.concatenate([images for _, images, _ in parts])}
    if parts[0][2] is not None:
        arrays["labels"] = np.concatenate([labels for _, _, labels in parts])
    np.savez_compressed(path, **arrays)


def _write_tfrecord(path: Path, shard: Iterator[Batch]) -> None:
    import_tensorflow()
    import tensorflow as tf  # seconds to import, and the other formats need it not

    try:
        with tf.io.TFRecordWriter(str(path)) as writer:
            for _, images, labels in shard:
                for offset, image in enumerate(images):
                    label = [] if labels is None else [int(labels[offset])]
                    writer.write(example(image, label).SerializeToString(deterministic=True))
    except tf.errors.OpError as error:  # a full disk, no permission
        raise OSError(f"cannot write {path.name}: {error.message}") from error


def example(image: np.ndarray, label: list[int]):
    """One image as a tf.train.Example; parse with VarLenFeature for `label`."""
    import tensorflow as tf

    features = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tobytes()])),
        "shape": tf.train.Feature(int64_list=tf.train.Int64List(value=image.shape)),
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=label)),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))
