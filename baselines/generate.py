"""`baseline generate`: samples with their provenance, of whatever kind the run has learnt."""

import functools
from collections.abc import Iterator
from pathlib import Path

from baselines.config import GenerateSettings
from data.source import IMAGES, SERIES, TABLE, TEXT
from data.synthetic.writing import SampleWriter, batch_bounds, new_samples, show_texts
from foundation.errors import InputError
from foundation.files import free_directory
from foundation.progress import CountProgress
from foundation.quiet import load_quietly
from foundation.settings import flag_name
from training.generator import Generator, check_label_flags, labelled_samples
from training.stored import StoredRun, load_run

# What a kind takes beside --run, --out, --seed and --quiet; the values where they are not given.
DEFAULTS = {
    IMAGES: {"count": 100, "label": None, "format": "npz"},
    TABLE: {"count": 100, "label": None},
    TEXT: {"length": 500, "streams": 1, "prime": None, "temperature": 1.0},
    SERIES: {"length": 500, "streams": 1},
}
OPTIONAL = sorted({name for names in DEFAULTS.values() for name in names})
SCHEMA = "data.tables.schema.columns:Schema.restore"
MOST_CHARACTERS = 1_000_000  # drawn side by side


def generate(settings: GenerateSettings) -> dict:
    """Write samples and manifest.csv into a new directory; text without --out to the screen.

    Returns: {"out": path or None, "files": [...]}.
    Raises: InputError (no run, a flag that its kind does not take, a wrong label, output directory
    in use), OSError (the disk refuses).
    """
    stored = load_run(settings.run, "baseline")
    chosen, generator = chosen_values(settings, stored), stored.generator
    if generator.kind == TEXT and not settings.out:
        show_texts(texts(generator, settings, chosen), chosen["streams"], chosen["prime"] or "")
        return {"out": None, "files": []}
    model = stored.description["model"]
    out = Path(settings.out or free_directory("outputs", f"generated-{model}"))
    schema = stored.description.get("schema")  # a run of before it, and other kinds, have none
    chosen["schema"] = schema and load_quietly(SCHEMA)(schema)
    with new_samples(out, stored.name, stored.run, settings.seed, settings.quiet) as samples:
        written = write(samples, generator, settings, chosen)
    print(f"{written} -> {out}")
    return {"out": str(out), "files": sorted(path.name for path in out.iterdir())}


def chosen_values(settings: GenerateSettings, stored: StoredRun) -> dict:
    """What was given, and the defaults of the kind for the rest.

    Raises: InputError for a flag that the run has no use for, or a label it does not know.
    """
    kind = stored.generator.kind
    legal = DEFAULTS[kind]
    for name in OPTIONAL:
        if name not in legal and getattr(settings, name) is not None:
            raise InputError(
                f"{flag_name(name)} with {stored.run}, a {stored.description['model']} of {kind}",
                f"one of {', '.join(map(flag_name, legal))}",
                f"leave {flag_name(name)} out",
            )
    names = stored.description.get("class_names", ())
    flags = settings.label, settings.balanced, names
    label = check_label_flags(stored.generator, stored.run, *flags)
    given = {name: getattr(settings, name) for name in legal} | {"label": label}
    return {name: legal.get(name) if value is None else value for name, value in given.items()}


def write(
    samples: SampleWriter, generator: Generator, settings: GenerateSettings, chosen: dict
) -> str:
    """Draw and write what was asked for; returns what it was, in words."""
    count, streams, length = (chosen.get(name) for name in ("count", "streams", "length"))
    labels = settings.seed, chosen["label"], settings.balanced
    draw = functools.partial(labelled_samples, generator, *labels)
    if generator.kind == IMAGES:
        samples.images(draw, count, chosen["format"], settings.batch_size, settings.shard_size)
        return f"{count} images"
    if generator.kind == TABLE:
        samples.table(draw, count, settings.batch_size, chosen["schema"])
        return f"{count} rows"
    if generator.kind == TEXT:
        prime, drawn = chosen["prime"] or "", texts(generator, settings, chosen)
        return f"{streams} texts, {samples.texts(prime + text for text in drawn):,} characters"
    one = functools.partial(generator.sample, settings.seed, count=1, length=length)
    tables = (generator.table(one(start=index)[0]) for index in range(streams))
    samples.series(tables, chosen["schema"])
    return f"{streams} series of {length} steps"


def texts(generator: Generator, settings: GenerateSettings, chosen: dict) -> Iterator[str]:
    """All streams in order, with a counter on the terminal."""
    streams, given = chosen["streams"], ("length", "temperature", "prime")
    group = max(MOST_CHARACTERS // chosen["length"], 1)
    with CountProgress(streams, "streams", settings.quiet) as progress:
        for start, end in batch_bounds(streams, group, streams):
            values = {name: chosen[name] for name in given}
            yield from generator.sample(settings.seed, start, end - start, **values)
            progress.advance(end - start)
