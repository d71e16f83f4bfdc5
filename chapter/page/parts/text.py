"""The text part of the page: the corpus, the training, what the model writes and knows."""

import math
from pathlib import Path

from chapter.page.chart import shared_range
from chapter.page.config import TEXT_EVALUATIONS, TEXT_TRAININGS, ChapterSettings
from chapter.page.parts.figures import cell, history_chart
from chapter.page.section import (
    Block,
    Excerpt,
    Heading,
    Paragraph,
    Picture,
    Section,
    SideBySide,
    Table,
    TableRow,
)
from chapter.page.words import Words
from data.texts.load import TextCorpus
from evaluation.config import TextEvaluateSettings
from evaluation.runs.evaluate import evaluate, load_run_data
from evaluation.texts.compare import decoded
from lstm_text.config import TextSettings
from lstm_text.train import train
from lstm_text.trained import TrainedText
from training.run_directory import read_history
from training.stored import load_run, read_description

SAY = Words("text")
TITLE = SAY("title")
EXCERPT = 400  # characters
TEMPERATURES = (0.5, 0.8, 1.2)
CURVES = {"training": "loss", "validation": "validation_loss"}


def text_part(out: Path, settings: ChapterSettings) -> Section:
    """Train the character LSTM, measure it, and let it write.

    Writes OUT/text (a run directory, with metrics.json).
    """
    given = {name: getattr(settings, name) for name in ("preset", "seed", "quiet")}
    given |= {"out": str(out / "text")} | TEXT_TRAININGS[settings.preset]
    chosen = TextSettings.resolve(given)
    print(f"\nText: train the character LSTM on {chosen.data}, {chosen.epochs} epochs", flush=True)
    run = Path(train(chosen)["run"])
    print("\nText: measuring and writing", flush=True)
    choice = {"run": str(run), "seed": settings.seed, "quiet": True}
    stored = load_run(run, "text")
    corpus, writer = load_run_data(stored), stored.generator
    chosen = TextEvaluateSettings.resolve(choice | TEXT_EVALUATIONS[settings.preset])
    report = evaluate(chosen, stored, corpus)
    return Section(
        title=TITLE,
        covers=("4.3.2", "5.2.2", "5.3.2"),
        first_look=first_look(corpus, writer, report, settings.seed),
        blocks=(
            Heading(SAY("headings.corpus"), ("4.3.2",)),
            Paragraph(SAY("corpus_cut", corpus=corpus)),
            Excerpt(held_out_excerpt(corpus), SAY("human")),
            *the_training(run, report),
            *what_it_writes(writer, settings.seed),
            *what_it_knows(report),
            *what_its_text_is_like(run, report),
        ),
        data={corpus.name: corpus.sha256},
        metrics={
            "scores": report["scores"],
            **{name: scalars(report["metrics"][name]) for name in SAY.texts["measures"]},
        },
    )


def first_look(
    corpus: TextCorpus, writer: TrainedText, report: dict, seed: int
) -> tuple[Block, ...]:
    """Human beside synthetic text, and the figure that says most."""
    (synthetic,) = writer.sample(seed, 0, 1, length=EXCERPT)
    excerpts = (
        Excerpt(held_out_excerpt(corpus), SAY("real_excerpt")),
        Excerpt(synthetic.strip("\n"), SAY("synthetic_excerpt")),
    )
    told = {"data": report["data"], "test": report["scores"]["test"]}
    glance = SAY("at_a_glance", **told, chance=math.log2(corpus.vocabulary.size))
    return (SideBySide(excerpts), Paragraph(glance))


def held_out_excerpt(corpus: TextCorpus) -> str:
    """Some lines of the validation part, from the first whole one on."""
    text = decoded(corpus, corpus.validation[:1, : 2 * EXCERPT])
    return text[text.find("\n") + 1 :][:EXCERPT].strip("\n")


def the_training(run: Path, report: dict) -> tuple[Block, ...]:
    """Chapter 5.2.2, with a validation loss."""
    rows = read_history(run / "history.csv")
    levels = {"n-gram": report["scores"]["validation"]["ngram"]}
    values = [row[column] for row in rows for column in CURVES.values()]
    y_range = shared_range(*values, *levels.values(), floor=0.0)
    samples = sorted((run / "samples").glob("epoch_*.txt"))
    excerpts = tuple(
        Excerpt(
            path.read_text(encoding="utf-8").strip("\n")[: EXCERPT // 2],
            SAY("after_epoch", epoch=int(path.stem.split("_")[1])),
        )
        for path in (samples[0], samples[-1])
    )
    return (
        Heading(SAY("headings.training"), ("5.2.2", "5.3.2")),
        Paragraph(SAY("what_it_is")),
        history_chart(SAY("loss_title"), rows, CURVES, y_range, SAY("loss_caption"), levels),
        Paragraph(SAY("training", rows=rows, best=read_description(run)["epoch"])),
        SideBySide(excerpts),
    )


def what_it_writes(writer: TrainedText, seed: int) -> tuple[Block, ...]:
    """Chapter 5.4 links a picture that does not exist; here is text, at three temperatures."""
    excerpts = []
    for temperature in TEMPERATURES:
        (text,) = writer.sample(seed, 1, 1, length=EXCERPT // 2, temperature=temperature)
        excerpts.append(Excerpt(text.strip("\n"), SAY("temperature_of", temperature=temperature)))
    return (
        Heading(SAY("headings.writing"), ("4.3.2", "5.4")),
        Paragraph(SAY("temperature")),
        SideBySide(tuple(excerpts)),
    )


def what_it_knows(report: dict) -> tuple[Block, ...]:
    """Both protocols, beside the n-gram, on each held-out part."""
    rows = []
    for name, scores in report["scores"].items():
        values = [scores[key] for key in ("carried", "windows", "ngram")]
        cells = tuple("–" if value is None else f"{value:.4f}" for value in values)
        rows.append(TableRow(SAY(f"parts.{name}"), cells, SAY("scores_note", scores=scores)))
    columns = ("held-out text", "carried", "windows", "n-gram")
    return (
        Heading(SAY("headings.prediction"), ("5.4",)),
        Paragraph(SAY("ngram")),
        Table(SAY("scores_caption"), columns, tuple(rows)),
    )


def what_its_text_is_like(run: Path, report: dict) -> tuple[Block, ...]:
    """Copies, variety, words: synthetic beside human."""
    rows = []
    for name, title in SAY.texts["measures"].items():
        metric = scalars(report["metrics"][name])
        note = report["metrics"][name]["how_to_read"]
        rows.append(TableRow(title, (cell(metric["real"]), cell(metric["value"])), note))
    novelty = run / "evaluation" / "novelty.png"
    return (
        Heading(SAY("headings.likeness"), ("4.3.2", "5.4")),
        Table(SAY("metrics_caption"), ("measure", "human", "synthetic"), tuple(rows)),
        Picture(novelty, SAY("novelty_alt"), SAY("novelty")),
        Paragraph(SAY("utility")),
    )


def scalars(metric: dict) -> dict:
    """A metric's two figures; of a curve, its first point."""
    return {
        side: metric[side][0] if isinstance(metric[side], list) else metric[side]
        for side in ("value", "real")
    }
