"""`text generate`: new text on the screen as it is drawn, or one file a stream with a manifest."""

import concurrent.futures
import hashlib
import os
import sys
import threading
from collections.abc import Iterator

from data.synthetic.generated import manifest
from foundation.files import staged_directory, write_text
from foundation.progress import CountProgress
from lstm_text.config import GenerateSettings
from lstm_text.sampler import ROWS, Sampler, Start
from lstm_text.trained import TrainedText, load_text_model

ON_SCREEN = 64  # characters that appear at once
PROCESSORS = os.cpu_count() or 1
# Fewer streams for each processor are faster one by one: side by side all ROWS are computed.
FEWEST_SIDE_BY_SIDE = 16
# Fewer characters are drawn one by one before the program for many streams is compiled.
WORTH_COMPILING = 30_000


def generate(settings: GenerateSettings) -> dict:
    """Write new text to stdout, or into a new directory.

    Returns: {"out": path or None, "characters": how many were written}.
    Raises: InputError (no run, an unknown character in the prime text, output directory in use),
    OSError (the disk refuses).
    """
    writer = load_text_model(settings.run)
    prime = writer.prime_codes(settings.prime)
    if settings.stop is not None:
        writer.check_known("--stop", settings.stop)  # it could never be met
    if settings.out:
        return write_files(settings, writer, prime)
    if settings.streams == 1:
        return {"out": None, "characters": show_as_drawn(settings, writer, prime)}
    characters = 0
    for number, text in enumerate(texts(settings, writer, prime), start=1):
        print(f"=== stream {number} of {settings.streams}")
        print(shown_prime(settings) + text, flush=True)
        characters += len(text)
    return {"out": None, "characters": characters}


def show_as_drawn(settings: GenerateSettings, writer: TrainedText, prime: list[int]) -> int:
    """Print one stream while it is drawn; returns the number of characters."""
    sampler = writer.sampler(settings.temperature, settings.top_k, settings.top_p)
    sys.stdout.write(shown_prime(settings))
    text, printed = "", 0
    start = sampler.start(prime)
    for piece in writer.pieces(sampler, start, settings.seed, [0], ON_SCREEN):
        text += writer.vocabulary.decode(piece[0])
        end = ends(text, settings)
        # The stop text may begin in this piece and end in the next: so much is held back.
        held = len(settings.stop) - 1 if settings.stop else 0
        until = max(printed, len(text) - held) if end is None else end
        sys.stdout.write(text[printed:until])
        sys.stdout.flush()
        printed = until
        if end is not None:
            break
    print()
    return printed


def shown_prime(settings: GenerateSettings) -> str:
    """The prime text as the reader should see it: nothing if it was not given."""
    return settings.prime or ""


def ends(text: str, settings: GenerateSettings) -> int | None:
    """Where a drawn text ends: before the stop text or after --length; None: not yet."""
    stop = -1 if settings.stop is None else text.find(settings.stop, 0, settings.length)
    if stop >= 0:
        return stop
    return settings.length if len(text) >= settings.length else None


def texts(settings: GenerateSettings, writer: TrainedText, prime: list[int]) -> Iterator[str]:
    """All streams in order, groups of them drawn at the same time on the processors there are."""
    sampler = writer.sampler(settings.temperature, settings.top_k, settings.top_p)
    start = sampler.start(prime)
    given_up = threading.Event()

    def draw(streams: range) -> list[str]:
        """The texts of a group; no more is drawn than the longest of them needs."""
        drawn = [""] * min(len(streams), settings.streams - streams.start)
        for piece in writer.pieces(sampler, start, settings.seed, streams, settings.length):
            decoded = map(writer.vocabulary.decode, piece[: len(drawn)])
            drawn = [text + more for text, more in zip(drawn, decoded, strict=True)]
            if given_up.is_set() or all(ends(text, settings) is not None for text in drawn):
                return [text[: ends(text, settings)] for text in drawn]

    progress = CountProgress(settings.streams, "streams", settings.quiet)
    with concurrent.futures.ThreadPoolExecutor(PROCESSORS) as pool, progress:
        try:
            for group in pool.map(draw, groups(settings, sampler, start)):
                yield from group
                progress.advance(len(group))
        finally:
            given_up.set()  # after Ctrl-C the other threads would draw their texts to the end


def groups(settings: GenerateSettings, sampler: Sampler, start: Start) -> list[range]:
    """The streams that are drawn side by side: ROWS of them, or one, which gives the same texts.

    The last group may have streams that nobody asked for: ROWS are as fast as some fewer.
    """
    side_by_side = 0
    enough = settings.streams >= FEWEST_SIDE_BY_SIDE * PROCESSORS
    enough = enough and settings.streams * settings.length >= WORTH_COMPILING
    if enough and sampler.rows_agree(start):
        full, rest = divmod(settings.streams, ROWS)
        side_by_side = ROWS * (full + (rest >= FEWEST_SIDE_BY_SIDE))
    many = [range(first, first + ROWS) for first in range(0, side_by_side, ROWS)]
    return many + [range(each, each + 1) for each in range(side_by_side, settings.streams)]


def write_files(settings: GenerateSettings, writer: TrainedText, prime: list[int]) -> dict:
    """One .txt a stream and manifest.csv, which says where each came from."""
    characters = 0
    with (
        staged_directory(settings.out) as directory,
        manifest(directory / "manifest.csv") as add_rows,
    ):
        for index, text in enumerate(texts(settings, writer, prime)):
            text = shown_prime(settings) + text
            write_text(directory / f"{index:06d}.txt", text)
            digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
            add_rows([[index, "lstm_text", writer.run, settings.seed, "", digest]])
            characters += len(text)
    print(f"{settings.streams} texts, {characters:,} characters -> {settings.out}")
    return {"out": settings.out, "characters": characters}
