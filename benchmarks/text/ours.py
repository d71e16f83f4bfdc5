"""The project's own character model, training and writing as lstm_text/ drives it."""

import numpy as np
import tensorflow as tf

from benchmarks.sides import TensorflowSide
from benchmarks.text.task import layer_count, rounds_of, weight_list
from data.texts.vocabulary import Vocabulary
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.sampler import GROUP, MOST_PIECES, PIECE
from lstm_text.step import TextTrainer
from lstm_text.trained import TrainedText
from training.seeds import make_repeatable


class ProjectTraining(TensorflowSide):
    """Trains with lstm_text.step.TextTrainer.

    Args:
      settings: "text": of lstm_text.config.TextSettings; "steps": of a round.
      arrays: "text": codes (1, characters), and the weights (see benchmarks.text.task).
    """

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = TextSettings(**settings["text"])
        self.how = f"XLA, {settings['steps']} steps a call, repeatable kernels"
        make_repeatable(self.settings.seed)
        self.rounds = rounds_of(arrays["text"], self.settings, settings["steps"])
        # total_steps is for the cosine of the step sizes, and these are given here.
        self.trainer = TextTrainer(
            self.settings, len(arrays["embedding"]), self.settings.batch_size, total_steps=1
        )
        self.trainer.model.set_weights(weight_list(arrays))
        self.steps_done = 0
        self.rates = tf.fill([settings["steps"]], self.settings.learning_rate)

    def work(self) -> dict:
        """One round of steps, and their mean loss in nats a character."""
        inputs, targets = next(self.rounds)
        self.trainer.averages.reset()
        self.trainer.train_steps(
            tf.constant(inputs),
            tf.constant(targets),
            tf.ones(targets.shape),
            self.rates,
            tf.constant(self.steps_done),
        )
        self.steps_done += len(inputs)
        measured = self.trainer.averages.result()  # waits for the steps to be done
        return {"units": targets.size, "measured": measured}


class ProjectSampling(TensorflowSide):
    """Writes with TrainedText.sample, as `text generate` does.

    Args:
      settings: "characters": the vocabulary as one string; "streams", "length", "temperature".
      arrays: the weights (see benchmarks.text.task).
    """

    how = f"XLA, {PIECE * MOST_PIECES} characters of {GROUP} streams a call, a thread a core"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = settings
        sizes = (*arrays["embedding"].shape, len(arrays["recurrent_kernel_0"]), layer_count(arrays))
        model = CharacterModel(*sizes)
        model.set_weights(weight_list(arrays))
        vocabulary = Vocabulary(tuple(settings["characters"]))
        self.writer = TrainedText(model, vocabulary)
        self.seed = 0

    def work(self) -> dict:
        """A text of each stream."""
        return {"units": sum(map(len, self.write())), "measured": {}}

    def write(self) -> list[str]:
        """One new text a stream."""
        self.seed += 1
        choice = {key: self.settings[key] for key in ("length", "temperature")}
        return self.writer.sample(self.seed, 0, self.settings["streams"], **choice)
