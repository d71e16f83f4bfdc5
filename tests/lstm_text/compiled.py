"""Trainings of one model share what XLA compiled: seconds each, and not what is tested."""

import contextlib
import dataclasses

import pytest
import tensorflow as tf

from lstm_text import train as train_module
from lstm_text.score import Scorer
from lstm_text.step import TextTrainer
from lstm_text.trained import TrainedText

COMPILED = {}


@contextlib.contextmanager
def compiled_once():
    """As long as it lasts, every training of a model that was trained before compiles nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "TextTrainer", shared_trainer)
        patch.setattr(train_module, "Scorer", lambda model: shared((Scorer, id(model)), model))
        patch.setattr(train_module, "TrainedText", shared_writer)
        yield
    COMPILED.clear()


def shared(key, *arguments):
    if key not in COMPILED:
        COMPILED[key] = key[0](*arguments)
    return COMPILED[key]


def shared_writer(model, vocabulary) -> TrainedText:
    writer = TrainedText(model, vocabulary)
    writer._samplers = COMPILED.setdefault(("drawing", id(model)), {})
    return writer


def all_variables(trainer: TextTrainer) -> list[tf.Variable]:
    averaged = trainer.average_model.variables if trainer.average_model else []
    others = [trainer.state, trainer.averages.sums, trainer.best_loss, trainer.best_epoch]
    return [*trainer.model.variables, *averaged, *trainer.optimizer.variables, *others]


def shared_trainer(settings, vocabulary_size, streams, total_steps) -> TextTrainer:
    """A trainer that was compiled before, all of it set to what a new one starts with."""
    new = TextTrainer(settings, vocabulary_size, streams, total_steps)
    names = ("out", "data", "patience", "max_characters", "decay_epochs", "calibrate")
    not_compiled = dict.fromkeys(names)
    others = {"epochs": 1, "warmup_steps": 1, "learning_rate": 1.0, "split": "contiguous"}
    compiled_in = dataclasses.replace(settings, **not_compiled, **others, resume=False)
    kept = COMPILED.setdefault((compiled_in, vocabulary_size, streams), new)
    for old, value in zip(all_variables(kept), all_variables(new), strict=True):
        old.assign(value)
    kept.settings, kept.total_steps = settings, total_steps
    return kept
