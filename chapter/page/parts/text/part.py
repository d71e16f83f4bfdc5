"""The text part of the report: the corpus, the training, what the model writes and knows."""

from pathlib import Path

from chapter.page.chart import shared_range
from chapter.page.config import TEXT_EVALUATIONS, TEXT_TRAININGS, ChapterSettings
from chapter.page.parts.figures import cell
from chapter.page.parts.text import words
from chapter.page.section import (
    Block,
    Chart,
    Excerpt,
    Heading,
    Paragraph,
    Picture,
    Section,
    SideBySide,
    Table,
    TableRow,
)
from data.texts.load import TextCorpus
from evaluation.config import TextEvaluateSettings
from evaluation.runs.evaluate import evaluate, load_run_data
from evaluation.texts.compare import decoded
from lstm_text.config import TextSettings
from lstm_text.train import train
from lstm_text.trained import TrainedText
from training.run_directory import read_history
from training.stored import load_run, read_description

TITLE = "The character LSTM"
EXCERPT = 400  # characters
TEMPERATURES = (0.5, 0.8, 1.2)
PARTS = {"held_out": "all held-out text", "validation": "validation part", "test": "test part"}
MEASURES = {
    "longest_copied_substring": "Longest copied passage, characters",
    "distinct_words": "Distinct words",
    "repeated_line_share": "Repeated lines",
    "longest_loop": "Longest immediate repetition, characters",
    "known_word_share": "Words the training text has",
    "jensen_shannon_line_lengths": "Line lengths, Jensen-Shannon divergence",
    "bits_per_character_under_ngram": "Bits a character under the n-gram",
}


def text_part(out: Path, settings: ChapterSettings) -> Section:
    """Train the character LSTM, measure it, and let it write.

    Writes OUT/text (a run directory, with metrics.json).
    """
    chosen = training_settings(out, settings)
    print(f"\nText: train the character LSTM on {chosen.data}, {chosen.epochs} epochs", flush=True)
    run = Path(train(chosen)["run"])
    print("\nText: measuring and writing", flush=True)
    choice = {"run": str(run), "seed": settings.seed, "quiet": True}
    report = evaluate(TextEvaluateSettings.resolve({**choice, **TEXT_EVALUATIONS[settings.preset]}))
    stored = load_run(run, "text")
    corpus, writer = load_run_data(stored), stored.generator
    report["vocabulary_size"] = corpus.vocabulary.size
    return Section(
        title=TITLE,
        covers=("4.3.2", "5.2.2", "5.3.2"),
        first_look=first_look(corpus, writer, report, settings.seed),
        blocks=(
            *real_text(corpus),
            *the_training(run, report),
            *what_it_writes(writer, settings.seed),
            *what_it_knows(report),
            *what_its_text_is_like(run, report),
        ),
        data={corpus.name: corpus.sha256},
        metrics={
            "scores": report["scores"],
            **{name: scalars(report["metrics"][name]) for name in MEASURES},
        },
    )


def training_settings(out: Path, settings: ChapterSettings) -> TextSettings:
    """The training that a preset stands for."""
    return TextSettings.resolve(
        {
            "preset": settings.preset,
            "seed": settings.seed,
            "quiet": settings.quiet,
            "out": str(out / "text"),
            **TEXT_TRAININGS[settings.preset],
        }
    )


def first_look(
    corpus: TextCorpus, writer: TrainedText, report: dict, seed: int
) -> tuple[Block, ...]:
    """Human beside synthetic text, and the figure that says most."""
    synthetic = writer.sample(seed, 0, 1, length=EXCERPT)[0]
    return (
        SideBySide(
            (
                Excerpt(held_out_excerpt(corpus), "Real: held-out human text."),
                Excerpt(synthetic.strip("\n"), "Synthetic: the first text it wrote, not selected."),
            )
        ),
        Paragraph(words.at_a_glance(report)),
    )


def held_out_excerpt(corpus: TextCorpus) -> str:
    """Some lines of the validation part, from the first whole one on."""
    text = decoded(corpus, corpus.validation[:1, : 2 * EXCERPT])
    return text[text.find("\n") + 1 :][:EXCERPT].strip("\n")


def real_text(corpus: TextCorpus) -> tuple[Block, ...]:
    """Chapter 4.3.2, step 1: the corpus."""
    return (
        Heading("The corpus", ("4.3.2",)),
        Paragraph(words.corpus(corpus)),
        Excerpt(held_out_excerpt(corpus), words.CORPUS),
    )


def the_training(run: Path, report: dict) -> tuple[Block, ...]:
    """Chapter 5.2.2, with a validation loss."""
    rows = read_history(run / "history.csv")
    curves = {
        "training": tuple(row["loss"] for row in rows),
        "validation": tuple(row["validation_loss"] for row in rows),
    }
    ngram = report["scores"]["validation"]["ngram"]
    chart = Chart(
        words.LOSS_TITLE,
        epochs=tuple(row["epoch"] for row in rows),
        curves=curves,
        y_range=shared_range(*curves["training"], *curves["validation"], ngram, floor=0.0),
        caption=words.LOSS_CAPTION,
        levels={"n-gram": ngram},
    )
    best = read_description(run)["epoch"]
    samples = sorted((run / "samples").glob("epoch_*.txt"))
    return (
        Heading("Training", ("5.2.2", "5.3.2")),
        Paragraph(words.WHAT_IT_IS),
        chart,
        Paragraph(words.training(rows, best)),
        SideBySide(
            tuple(
                Excerpt(
                    path.read_text(encoding="utf-8").strip("\n")[: EXCERPT // 2],
                    f"Written after epoch {int(path.stem.split('_')[1])}.",
                )
                for path in (samples[0], samples[-1])
            )
        ),
    )


def what_it_writes(writer: TrainedText, seed: int) -> tuple[Block, ...]:
    """Chapter 5.4 links a picture that does not exist; here is text, at three temperatures."""
    excerpts = tuple(
        Excerpt(
            writer.sample(seed, 1, 1, length=EXCERPT // 2, temperature=temperature)[0].strip("\n"),
            f"Temperature {temperature}.",
        )
        for temperature in TEMPERATURES
    )
    return (
        Heading("New text", ("4.3.2", "5.4")),
        Paragraph(words.TEMPERATURE),
        SideBySide(excerpts),
    )


def what_it_knows(report: dict) -> tuple[Block, ...]:
    """Both protocols, beside the n-gram, on each held-out part."""
    columns = ("carried", "windows", "ngram")
    rows = tuple(
        TableRow(
            PARTS[name],
            tuple("–" if scores[key] is None else f"{scores[key]:.4f}" for key in columns),
            f"{scores['characters']:,} characters, {scores['unknown']} of them unknown to the "
            "training part and left out",
        )
        for name, scores in report["scores"].items()
    )
    return (
        Heading("How well does it predict?", ("5.4",)),
        Paragraph(words.NGRAM),
        Table(words.SCORES_CAPTION, ("held-out text", "carried", "windows", "n-gram"), rows),
    )


def what_its_text_is_like(run: Path, report: dict) -> tuple[Block, ...]:
    """Copies, variety, words: synthetic beside human."""
    rows = []
    for name, title in MEASURES.items():
        metric = scalars(report["metrics"][name])
        note = report["metrics"][name]["how_to_read"]
        rows.append(TableRow(title, (cell(metric["real"]), cell(metric["value"])), note))
    return (
        Heading("What is its text like?", ("4.3.2", "5.4")),
        Table(words.METRICS_CAPTION, ("measure", "human", "synthetic"), tuple(rows)),
        Picture(run / "evaluation" / "novelty.png", words.NOVELTY_ALT, words.NOVELTY),
        Paragraph(words.UTILITY),
    )


def scalars(metric: dict) -> dict:
    """A metric's two figures; of a curve, its first point."""
    return {
        side: metric[side][0] if isinstance(metric[side], list) else metric[side]
        for side in ("value", "real")
    }
