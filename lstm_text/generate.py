"""`text generate`: new text on the screen as it is drawn, or one file a stream with a manifest."""

import sys
from collections.abc import Iterator

from data.synthetic.writing import new_samples, show_texts
from data.texts.vocabulary import require_known
from foundation.progress import CountProgress
from lstm_text.config import GenerateSettings
from lstm_text.trained import TrainedText, end_of
from training.stored import load_run

ON_SCREEN = 64  # characters that appear at once


def generate(settings: GenerateSettings) -> dict:
    """Write new text to stdout, or into a new directory.

    Returns: {"out": path or None, "characters": how many were written}.
    Raises: InputError (no run, an unknown character in the prime text, output directory in use),
    OSError (the disk refuses).
    """
    stored = load_run(settings.run, "text")
    writer, shown_prime = stored.generator, settings.prime or ""
    prime = writer.prime_codes(settings.prime)
    if settings.stop is not None:
        require_known(writer.vocabulary, "--stop", settings.stop)  # it could never be met
    if not settings.out and settings.streams == 1:
        return {"out": None, "characters": show_as_drawn(settings, writer, prime)}
    drawn = texts(settings, writer, prime)
    if not settings.out:
        return {"out": None, "characters": show_texts(drawn, settings.streams, shown_prime)}
    with new_samples(settings.out, stored.name, stored.run, settings.seed) as samples:
        characters = samples.texts(shown_prime + text for text in drawn)
    print(f"{settings.streams} texts, {characters:,} characters -> {settings.out}")
    return {"out": settings.out, "characters": characters}


def texts(settings: GenerateSettings, writer: TrainedText, prime: list[int]) -> Iterator[str]:
    """All streams in order, with a counter on the terminal."""
    sampler = writer.sampler(settings.temperature, settings.top_k, settings.top_p)
    streams, stop = settings.streams, settings.stop
    with CountProgress(streams, "streams", settings.quiet) as progress:
        for text in writer.texts(sampler, prime, settings.seed, 0, streams, settings.length, stop):
            yield text
            progress.advance(1)


def show_as_drawn(settings: GenerateSettings, writer: TrainedText, prime: list[int]) -> int:
    """Print one stream while it is drawn; returns the number of characters."""
    sampler = writer.sampler(settings.temperature, settings.top_k, settings.top_p)
    sys.stdout.write(settings.prime or "")
    text, printed = "", 0
    start = sampler.start(prime)
    for piece in writer.pieces(sampler, start, settings.seed, 0, ON_SCREEN):
        text += writer.vocabulary.decode(piece[0])
        end = end_of(text, settings.length, settings.stop)
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
