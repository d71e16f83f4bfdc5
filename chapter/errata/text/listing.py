"""Exhibits of the LSTM listing (5.2.2) and of 5.3.2 that need no training worth the name.

E14, E15, E19, E20, E22 and E23: optimizer, displayed loss, files, units of text, dropout, formula.
"""

import contextlib
import io
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import lstm_text.generate
import lstm_text.model
import lstm_text.step
import lstm_text.streams
import lstm_text.train
import lstm_text.trained
from chapter.errata.entry import Exhibit
from chapter.errata.gan.listing import unresolved_names
from data.texts.load import read_text
from evaluation.metrics.texts.diversity import words_of
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel, DropoutMasks
from lstm_text.score import Scorer
from lstm_text.step import TextTrainer
from lstm_text.streams import Streams
from lstm_text.train import train
from training.seeds import TRAINING_NOISE, stateless_seed
from training.stored import load_run
from training.tensorflow_setup import make_repeatable

# The order in which the listing compiles, loops, steps and displays, and nothing else of it.
OUTLINE = """
def train(model, batches, batch_size):
    model.compile(optimizer="adam", loss=loss_of)
    for epoch in range(EPOCHS):
        for codes, targets in batches:
            step(model, codes, targets)
        display_losses(epoch, train_loss, model.loss)

def step(model, codes, targets):
    with GradientTape() as tape:
        value = loss_of(targets, model(codes))
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(value, variables), variables)
"""
CODES = np.arange(72).reshape(4, 18) % 5 + 1  # a text of four segments, five characters in turn
EPOCHS = 3
# Small enough to run without being compiled.
TINY = TextSettings(units=8, embedding_dim=4, batch_size=4, sequence_length=8)


def listing_model(
    vocabulary_size: int, embedding_dim: int, units: int, batch_size: int, *, seed: int = 0
) -> keras.Model:
    """The listing's layers; like the listing it takes a batch size and makes nothing of it."""
    make_repeatable(seed)
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(vocabulary_size, embedding_dim),
            layers.LSTM(units, return_sequences=True),
            layers.LSTM(units, return_sequences=True),
            layers.Dense(vocabulary_size),
        ]
    )


def loss_of_logits(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The listing's loss: mean of -ln p(target), from logits."""
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
    )


def run_outline(model: keras.Model, names: dict[str, object]) -> object:
    """Run the outline of the listing with these names defined as well; what it returns."""
    scope = {"loss_of": loss_of_logits, "GradientTape": tf.GradientTape, **names}
    exec(OUTLINE, scope)
    return scope["train"](model, [(CODES[:, :8], CODES[:, 1:9])], len(CODES))


def name_missing(names: dict[str, object]) -> str | None:
    """The name at which the outline stops with a NameError; None if it runs to its end."""
    try:
        run_outline(listing_model(6, 4, 8, len(CODES)), names)
    except NameError as error:
        return error.name
    return None


def names_asked_for() -> list[str]:
    """Run, supply the name that a NameError asks for, run again: the names, in that order."""
    asked = []
    while name := name_missing({name: supplies()[name] for name in asked}):
        asked.append(name)
    return asked


def supplies(show: Callable[..., None] = lambda *shown: None) -> dict[str, object]:
    """What the listing uses and never defines."""
    return {
        "EPOCHS": EPOCHS,
        "optimizer": keras.optimizers.Adam(),
        "display_losses": show,
        "train_loss": None,
    }


def steps_here(trainer: TextTrainer, epochs: int) -> list[float]:
    """The loss of one step an epoch over CODES with this project's step, not compiled."""
    streams = Streams(CODES, trainer.settings.batch_size, trainer.settings.sequence_length, seed=0)
    take_step = TextTrainer.train_step.python_function
    losses = []
    for epoch in range(epochs):
        block = [each[0] for each in streams.block(epoch, 0, 1)]
        state = trainer.model.zero_state(streams.streams)
        rate = tf.constant(trainer.settings.learning_rate)
        seed = stateless_seed(trainer.settings.seed, TRAINING_NOISE, epoch)
        loss, _ = take_step(trainer, *map(tf.constant, block), state, rate, seed)
        losses.append(float(loss))
    return losses


def new_trainer(seed: int) -> TextTrainer:
    """An untrained tiny model with all that trains it."""
    make_repeatable(seed)
    return TextTrainer(TINY, vocabulary_size=6, streams=4, total_steps=100)


def undefined_optimizer(seed: int) -> Exhibit:
    """E14: which optimizer does the steps, and what becomes of the one that compile() makes."""
    model, names = listing_model(6, 4, 8, len(CODES), seed=seed), supplies()
    run_outline(model, names)
    trainer = new_trainer(seed)
    steps_here(trainer, EPOCHS)
    return Exhibit(
        {
            "name at which the first step stops": name_missing({"EPOCHS": EPOCHS}),
            "steps of the training": EPOCHS,
            "steps of the optimizer that the model holds": int(model.optimizer.iterations),
            "steps of the optimizer that had to be supplied": int(names["optimizer"].iterations),
        },
        {
            "name at which the first step stops": None,
            "steps of the training": EPOCHS,
            "steps of the optimizer that the model holds": int(trainer.optimizer.iterations),
            "steps of the optimizer that had to be supplied": None,
        },
    )


def displayed_loss(seed: int) -> Exhibit:
    """E15: what is displayed after each epoch as the loss."""
    shown = []
    names = supplies(lambda epoch, train_loss, loss: shown.append(loss))
    run_outline(listing_model(6, 4, 8, len(CODES), seed=seed), names)
    asked = [name for name in names_asked_for() if name != "optimizer"]
    losses = steps_here(new_trainer(seed), EPOCHS)
    package = (
        lstm_text.model,
        lstm_text.streams,
        lstm_text.step,
        lstm_text.train,
        lstm_text.trained,
        lstm_text.generate,
    )
    return Exhibit(
        {
            "names that the loop uses and nothing defines": asked,
            "type of the loss that is displayed": type(shown[-1]).__name__,
            f"different losses in {EPOCHS} epochs": len(set(shown)),
        },
        {
            "names that the loop uses and nothing defines": [
                name for module in package for name in unresolved_names(module)
            ],
            "type of the loss that is displayed": type(losses[-1]).__name__,
            f"different losses in {EPOCHS} epochs": len(set(losses)),
        },
    )


def nothing_written(seed: int) -> Exhibit:
    """E19: what is left when training is over, and whether text can be drawn from it."""
    with tempfile.TemporaryDirectory() as directory:
        with contextlib.chdir(directory):
            returned = run_outline(listing_model(6, 4, 8, len(CODES), seed=seed), supplies())
            left = len(list(Path(directory).rglob("*")))
        run = Path(directory) / "run"
        settings = TextSettings.resolve(
            {"preset": "smoke", "epochs": 1, "out": str(run), "seed": seed, "quiet": True}
        )
        with contextlib.redirect_stdout(io.StringIO()):
            result = train(settings)
        files = [path for path in run.rglob("*") if path.is_file()]
        first, second = (load_run(run).generator.sample(seed, 0, 1, length=60) for _ in range(2))
    return Exhibit(
        {
            "what training returns": returned,
            "files it leaves": left,
            "characters that can be drawn afterwards": 0,
            "the same text when drawn again": False,
        },
        {
            "what training returns": sorted(result),
            "files it leaves": len(files),
            "characters that can be drawn afterwards": len(first),
            "the same text when drawn again": first == second,
        },
    )


def words_or_characters(seed: int) -> Exhibit:
    """E20: what a vocabulary of words costs, and what it cannot read, beside one of characters."""
    texts = {name: read_text(name) for name in ("shakespeare", "tang_poems")}

    def measures(units_of: Callable[[str], list[str] | str]) -> dict:
        sizes, unknown = {}, {}
        for name, text in texts.items():
            cut = int(0.9 * len(text))
            known, held_out = set(units_of(text[:cut])), units_of(text[cut:])
            sizes[name] = len(known)
            unknown[name] = sum(unit not in known for unit in held_out) / len(held_out)
        embedding_dim, units = TextSettings.embedding_dim, TextSettings.units
        return {
            "different units, English plays": sizes["shakespeare"],
            "share of held-out units never seen, English": unknown["shakespeare"],
            "different units, Chinese poems": sizes["tang_poems"],
            "share of held-out units never seen, Chinese": unknown["tang_poems"],
            "weights of the first and the last layer, English": sizes["shakespeare"]
            * (embedding_dim + units + 1),
        }

    return Exhibit(measures(words_of), measures(str))


def dropout_forgotten(seed: int) -> Exhibit:
    """E22: what a dropout layer does in a step that never says that it trains."""
    make_repeatable(seed)
    values = tf.ones((8, 100))
    model = keras.Sequential([keras.Input((100,)), layers.Dropout(0.5)])

    @tf.function
    def step(values: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape():
            return model(values)

    without_a_word = [step(values) for _ in range(2)]
    steps = [stateless_seed(seed, TRAINING_NOISE, step) for step in range(2)]
    here = [DropoutMasks(step, 0.5, 0.0).drop(values, 0) for step in steps]

    def measures(passes: list[tf.Tensor]) -> dict:
        return {
            "share to be dropped": 0.5,
            "share dropped in a step": float(tf.reduce_mean(tf.cast(passes[0] == 0, tf.float32))),
            "the next step drops others": bool(tf.reduce_any(passes[0] != passes[1])),
        }

    return Exhibit(measures(without_a_word), measures(here))


def chance_of_a_text(seed: int) -> Exhibit:
    """E23: the formula that 4.2 lacks, held against its definition: chances add up to 1."""
    make_repeatable(seed)
    model = CharacterModel(vocabulary_size=5, embedding_dim=4, units=8)
    texts = np.array([(0, *rest) for rest in itertools.product(range(5), repeat=3)], np.uint8)
    chances = np.exp(-Scorer(model).carried(texts).sum(axis=1, dtype=np.float64))
    formula, total = "formula of a text's chance", "chances of all 125 texts of 3 characters"
    return Exhibit(
        {formula: None, total: None},
        {
            formula: "product of p(character | all before it)",
            total: float(chances.sum()),
        },
    )
