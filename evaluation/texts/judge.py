"""A small LSTM that is trained anew on text after text, by the same recipe, and compiled once.

It judges texts by what a model learns from them (`text utility`, the trial of texts), and it can
write texts. With XLA, building a network anew takes longer than a small training does.
"""

import dataclasses

import numpy as np
import tensorflow as tf

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.texts.ngram import MOST_COUNTED, NGRAM_CONTEXT
from foundation.errors import InputError
from foundation.quiet import retracing_allowed
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer, mean_loss
from lstm_text.step import TextTrainer
from lstm_text.streams import Streams
from training.seeds import first_weights_from

ROWS_SCORED = 32
STEPS_A_CALL = 8
MOST_WARMUP = 100  # steps; a tenth of a shorter training


class ReusedTextModel:
    """A character LSTM whose every training starts from new weights.

    Deterministic kernels are switched on for the process. The random states of Python, NumPy and
    Keras are left as they were.

    Args:
      vocabulary_size: number of codes.
      units, layers: of the network.
      streams, sequence_length: what a step reads. With little text in all, small steps teach more.
    """

    def __init__(
        self,
        vocabulary_size: int,
        units: int,
        layers: int = 2,
        streams: int = 32,
        sequence_length: int = 64,
    ):
        tf.config.experimental.enable_op_determinism()
        settings = TextSettings(
            units=units, layers=layers, batch_size=streams, sequence_length=sequence_length
        )
        with first_weights_from(0):  # these weights are never used
            self.trainer = TextTrainer(settings, vocabulary_size, streams, total_steps=1)
        self.scorer = Scorer(self.model)

    @property
    def model(self) -> CharacterModel:
        """The network; the next training changes it."""
        return self.trainer.model

    def train(self, segments: np.ndarray, budget: int, seed: int) -> None:
        """Read `budget` characters of the segments, the step size going down to a hundredth.

        Args:
          segments: integer codes (segments, length); read again where they are shorter than that.
          budget: characters, the same for texts that are compared.
          seed: of the first weights and of where the streams start.

        Raises: InputError for a text of fewer characters than there are streams.
        """
        rows, columns = self.trainer.settings.batch_size, self.trainer.settings.sequence_length
        streams = Streams(segments, rows, columns, seed)
        if streams.streams < rows:
            raise InputError(
                f"{segments.size} characters to train on", f"more than {rows}", "give more text"
            )
        steps = max(1, budget // (rows * columns))
        self._restart(seed, steps)
        done = 0
        with retracing_allowed():  # every network has graphs of its own
            while done < steps:
                epoch, first = divmod(done, streams.steps)
                if first == 0:
                    self.trainer.start_epoch()
                left = min(streams.steps - first, steps - done)
                count = STEPS_A_CALL if left >= STEPS_A_CALL else 1  # two lengths, two graphs
                block = map(tf.constant, streams.block(epoch, first, first + count))
                rates = tf.constant(self.trainer.learning_rates(done, count))
                self.trainer.train_steps(*block, rates, tf.constant(done, tf.int32))
                done += count

    def _restart(self, seed: int, steps: int) -> None:
        """As a trainer that was just made: new weights, nothing read, no moments."""
        trainer = self.trainer
        trainer.total_steps = steps
        trainer.settings = dataclasses.replace(
            trainer.settings, warmup_steps=min(MOST_WARMUP, steps // 10)
        )
        trainer.model.set_weights(first_weights(trainer.settings, self.model.vocabulary_size, seed))
        for variable in trainer.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        trainer.start_epoch()

    def score(self, segments: np.ndarray) -> float:
        """Nats a character of codes (segments, length), the state carried."""
        parallel = max(1, ROWS_SCORED // len(segments))
        return mean_loss(self.scorer.carried(segments, parallel), segments)


def first_weights(settings: TextSettings, vocabulary_size: int, seed: int) -> list[np.ndarray]:
    """The weights that a character model starts from, in the order of `set_weights`."""
    with first_weights_from(seed):
        model = CharacterModel(
            vocabulary_size, settings.embedding_dim, settings.units, settings.layers
        )
    return model.get_weights()


def ngram_score(segments: np.ndarray, corpus: TextCorpus) -> float:
    """Nats a character of the corpus' test part under a Kneser-Ney n-gram of the segments.

    It counts all it is given (of a very long text the end), so a longer text is not read shorter.
    """
    longest = MOST_COUNTED // len(segments)
    model = KneserNey.fit(segments[:, -longest:], corpus.vocabulary.size, NGRAM_CONTEXT)
    return model.cross_entropy(corpus.test, ignore=Vocabulary.UNKNOWN)
