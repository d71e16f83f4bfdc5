"""Exhibits of the LSTM listing (5.2.2) that train: E16, E17 and E18, each in seconds.

They train on the first part of the embedded Shakespeare. E16 and E17 run lstm_text's own step, E18
the listing's layers and loss in Keras.
"""

import ast
import functools
import inspect
import math
import textwrap
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from chapter.errata.entry import Exhibit
from chapter.errata.text.listing import OUTLINE, listing_model, loss_of_logits
from chapter.errata.text.pictures import losses_in_training, losses_in_window
from data.texts.load import TextCorpus, load_text
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer, mean_loss
from lstm_text.step import TextTrainer
from lstm_text.streams import Streams
from lstm_text.trained import TrainedText
from training.tensorflow_setup import make_repeatable

SEQUENCE_LENGTH = 32
SETTINGS = TextSettings(
    units=64,
    embedding_dim=32,
    batch_size=32,
    sequence_length=SEQUENCE_LENGTH,
    epochs=4,
    learning_rate=1e-2,
    warmup_steps=20,
)
STEPS_IN_KERAS = 100


@functools.cache
def small_text() -> TextCorpus:
    """The first part of the embedded Shakespeare, the same every time."""
    return load_text("shakespeare", max_characters=120_000, quiet=True)


@functools.cache
def workshop(seed: int) -> tuple[TextTrainer, Streams, list[tuple[tf.Variable, np.ndarray]]]:
    """A trainer, compiled once for all trainings, its text, and its variables at the start."""
    make_repeatable(seed)
    streams = Streams(small_text().train, SETTINGS.batch_size, SEQUENCE_LENGTH, seed)
    total_steps = SETTINGS.epochs * streams.steps
    trainer = TextTrainer(SETTINGS, small_text().vocabulary.size, streams.streams, total_steps)
    variables = [*trainer.model.variables, *trainer.optimizer.variables, trainer.state]
    return trainer, streams, [(variable, variable.numpy().copy()) for variable in variables]


@functools.cache
def trained(
    seed: int, copying: bool = False, carrying: bool = True
) -> tuple[CharacterModel, float]:
    """A small model after a short training, and the mean loss of its last epoch.

    Args:
      copying: each character's target is the character itself, not the next one.
      carrying: a step goes on from the state that the step before left.
    """
    trainer, streams, at_the_start = workshop(seed)
    for variable, value in at_the_start:
        variable.assign(value)
    steps_a_call = streams.steps if carrying else 1
    for epoch in range(SETTINGS.epochs):
        trainer.start_epoch()
        for first in range(0, streams.steps, steps_a_call):
            inputs, targets, weights = streams.block(epoch, first, first + steps_a_call)
            if not carrying:
                trainer.state.assign(tf.zeros_like(trainer.state))
            step = epoch * streams.steps + first
            trainer.train_steps(
                tf.constant(inputs),
                tf.constant(inputs if copying else targets),
                tf.constant(weights),
                tf.constant(trainer.learning_rates(step, steps_a_call)),
                tf.constant(step, tf.int32),
            )
    model = CharacterModel(
        small_text().vocabulary.size, SETTINGS.embedding_dim, SETTINGS.units, SETTINGS.layers
    )
    model.set_weights(trainer.model.get_weights())
    return model, trainer.averages.result()["loss"]


def held_out_text() -> np.ndarray:
    """The validation part, codes (1, length), cut to whole batches of the listing and one more."""
    segments = small_text().validation
    return segments[:, : (segments.shape[1] - 1) // SEQUENCE_LENGTH * SEQUENCE_LENGTH + 1]


def unread_arguments(source: str) -> list[str]:
    """Arguments of the functions in a piece of code that no line of their bodies reads."""
    unread = []
    for function in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(function, ast.FunctionDef):
            body = [node for line in function.body for node in ast.walk(line)]
            read = {node.id for node in body if isinstance(node, ast.Name)}
            arguments = [*function.args.args, *function.args.kwonlyargs]
            unread += [each.arg for each in arguments if each.arg not in read | {"self"}]
    return unread


def state_thrown_away(seed: int) -> Exhibit:
    """E16: the same model on the same text, forgetting at each batch's end, and remembering."""
    (model, _), segments = trained(seed), held_out_text()
    carried = Scorer(model).carried(segments)[0]
    rows = carried.reshape(-1, SEQUENCE_LENGTH)  # as a batch of the listing would cut the text
    starts = np.arange(len(rows))[:, np.newaxis] * SEQUENCE_LENGTH
    windows = segments[0, starts + np.arange(SEQUENCE_LENGTH + 1)]
    thrown_away = Scorer(model).carried(windows)
    never_carried = Scorer(trained(seed, carrying=False)[0]).carried(windows)

    def measures(
        losses: np.ndarray, in_its_own_way: np.ndarray, sources: list[str], differ: bool
    ) -> dict:
        return {
            "arguments that no line reads": [
                name for source in sources for name in unread_arguments(source)
            ],
            "what stood before a batch changes how it is read": differ,
            "held-out loss, nats a character": float(losses.mean()),
            "the same, first character of each batch": float(losses[:, 0].mean()),
            f"the same, characters {SEQUENCE_LENGTH // 2 + 1} to {SEQUENCE_LENGTH}": float(
                losses[:, SEQUENCE_LENGTH // 2 :].mean()
            ),
            "held-out loss of a model trained in the same way": float(in_its_own_way.mean()),
        }

    listing = listing_model(small_text().vocabulary.size, 8, 8, batch_size=1, seed=seed)
    here = [CharacterModel.__init__, CharacterModel.zero_state, TextTrainer.__init__]
    return Exhibit(
        measures(
            thrown_away,
            never_carried,
            [inspect.getsource(listing_model), OUTLINE],
            remembers(lambda codes, state: (listing(codes), state), windows, None),
        ),
        measures(
            rows,
            rows,
            [inspect.getsource(function) for function in (*here, Streams.__init__)],
            remembers(model, windows, model.zero_state(1)),
        ),
        losses_in_window(thrown_away.mean(axis=0), rows.mean(axis=0)),
    )


def remembers(read: Callable, windows: np.ndarray, state: tf.Tensor | None) -> bool:
    """Whether a model's answer to the second of two batches depends on the first."""
    batches = tf.constant(windows[:3, np.newaxis, :-1].astype(np.int32))  # each (1, characters)
    answers = []
    for before in (0, 1):
        _, after = read(batches[before], state)
        answers.append(read(batches[2], after)[0])
    return bool(tf.reduce_any(answers[0] != answers[1]))


def no_next_character(seed: int) -> Exhibit:
    """E17: a model whose target is its own input, and one whose target is the next character."""
    corpus = small_text()
    trainings = {"defect": trained(seed, copying=True), "cure": trained(seed)}
    held_out = held_out_text()

    def measures(side: str, share_held_out: float) -> dict:
        model, last_loss = trainings[side]
        losses = Scorer(model).carried(held_out)
        writer = TrainedText(model, corpus.vocabulary)
        (text,) = writer.sample(seed, 0, 1, length=60, prime="The ")
        return {
            "share of the text held out": share_held_out,
            "loss that training ends with": last_loss,
            "loss at predicting the next character, held out": mean_loss(losses, held_out),
            "chance (all characters equally likely)": math.log(corpus.vocabulary.size),
            'what it writes after "The "': repr(text),
            "different characters in that": len(set(text)),
        }

    total = sum(part.size for part in corpus.parts.values())
    return Exhibit(measures("defect", 0.0), measures("cure", 1 - corpus.train.size / total))


def logits_as_probabilities(seed: int) -> Exhibit:
    """E18: the listing's model, trained with its outputs taken for probabilities and for logits."""
    losses = {
        # Keras's function of the same name takes probabilities unless told otherwise.
        "defect": lambda y, outputs: tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(y, outputs)
        ),
        "cure": loss_of_logits,
    }
    models, rows = {}, {}
    for side, loss in losses.items():
        models[side], rows[side] = train_in_keras(loss, seed)

    def measures(side: str, row: np.ndarray) -> dict:
        return {
            "smallest entry of an output row": float(row.min()),
            "sum of that row": float(row.sum(dtype=np.float64)),
            "NumPy draws a character from it": can_be_drawn_from(row),
            "loss before training": rows[side][0],
            f"loss after {STEPS_IN_KERAS} steps": float(np.mean(rows[side][-10:])),
            "chance (all characters equally likely)": math.log(small_text().vocabulary.size),
        }

    codes = small_text().validation[:, :SEQUENCE_LENGTH].astype(np.int32)
    logits = models["cure"](codes)
    return Exhibit(
        measures("defect", logits[0, -1].numpy()),
        measures("cure", tf.nn.softmax(tf.cast(logits, tf.float64))[0, -1].numpy()),
        losses_in_training(rows, math.log(small_text().vocabulary.size)),
    )


def train_in_keras(loss: Callable, seed: int) -> tuple[keras.Model, list[float]]:
    """The listing's model after some steps of Adam on this loss, and the loss of each step."""
    batch_size = SETTINGS.batch_size
    model = listing_model(small_text().vocabulary.size, 16, 48, batch_size, seed=seed)
    optimizer = keras.optimizers.Adam(SETTINGS.learning_rate)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(codes: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            value = loss(targets, model(codes))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return value

    streams = Streams(small_text().train, batch_size, SEQUENCE_LENGTH, seed)
    codes, targets, _ = map(tf.constant, streams.block(0, 0, STEPS_IN_KERAS))
    return model, [float(step(codes[k], targets[k])) for k in range(STEPS_IN_KERAS)]


def can_be_drawn_from(row: np.ndarray) -> bool:
    """Whether NumPy takes a row for probabilities: none below 0, a sum of 1."""
    try:
        np.random.default_rng(0).choice(len(row), p=row)
    except ValueError:
        return False
    return True
