"""`text utility RUN`: what is generated text worth as training data (chapter 4.3.2, step 3)?

The same small model is trained on real text, on text that the run has written, and on both, and
each is scored on real held-out text. All three read the same number of characters, and the run has
learnt from the same real text that stands beside its own: otherwise synthetic text would carry in
real text by the back door. By the data-processing inequality generated text holds no information
that its training text lacks; what it can do is act as a regulariser. Only measuring tells.
"""

import dataclasses
import math
import statistics

import numpy as np
import tensorflow as tf

from baselines.ngram.kneser_ney import KneserNey
from data.texts.load import TextCorpus
from data.texts.vocabulary import Vocabulary
from evaluation.config import TextUtilitySettings
from evaluation.runs.evaluate import load_run_data
from evaluation.runs.texts import sample_texts
from evaluation.texts.ngram import MOST_COUNTED, NGRAM_CONTEXT
from foundation.console import print_table
from foundation.errors import InputError
from foundation.files import write_json
from foundation.progress import CountProgress
from foundation.quiet import retracing_allowed
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from lstm_text.score import Scorer, mean_loss
from lstm_text.step import TextTrainer
from lstm_text.streams import Streams
from training.seeds import first_weights_from
from training.stored import load_run

ROWS_SCORED = 32
STEPS_A_CALL = 8
MOST_WARMUP = 100  # steps; a tenth of a shorter training


def utility(settings: TextUtilitySettings) -> dict:
    """Train on real, synthetic and both; print and write RUN/utility.json.

    Returns: {"run", "data", "real_characters", "synthetic_characters", "budget", "seeds",
      "lstm": {arm: [nats a character on the test part, one a seed]}, "ngram": {arm: nats},
      "difference": {"mean", "standard_deviation"} of both - real, seed by seed}.
    Raises: InputError if the run is none, has no model, or its text changed since the training.
    """
    stored = load_run(settings.run, "text")
    run, corpus = stored.run, load_run_data(stored, settings.data)
    count = corpus.train.size  # as much text of the run as it was trained on
    written = sample_texts(stored.generator, count, settings.seed, settings.temperature)
    codes = np.concatenate([corpus.vocabulary.encode(text) for text in written])
    synthetic = codes[:count].reshape(corpus.train.shape)
    arms = {
        "real": corpus.train,
        "synthetic": synthetic,
        "real + synthetic": np.concatenate([corpus.train, synthetic]),
    }
    scores = {name: [] for name in arms}
    judge = ReusedTextModel(corpus.vocabulary.size, settings.units)
    with CountProgress(settings.seeds * len(arms), "trainings", settings.quiet) as progress:
        for seed in range(settings.seeds):
            for name, segments in arms.items():
                judge.train(segments, settings.budget, seed)
                scores[name].append(judge.score(corpus.test))
                progress.advance(1)
    # erratum E21: the chapter takes it for granted that the mixture is better.
    differences = [
        both - real for both, real in zip(scores["real + synthetic"], scores["real"], strict=True)
    ]
    report = {
        "run": str(run),
        "data": corpus.name,
        "protocol": corpus.protocol,
        "real_characters": corpus.train.size,
        "synthetic_characters": synthetic.size,
        "temperature": settings.temperature,
        "budget": settings.budget,
        "seeds": settings.seeds,
        "lstm": scores,
        "ngram": {name: ngram_score(segments, corpus) for name, segments in arms.items()},
        "difference": {
            "mean": statistics.mean(differences),
            "standard_deviation": spread(differences),
        },
    }
    write_json(run / "utility.json", report)
    print_report(report)
    print(f"written: {run / 'utility.json'}")
    return report


def print_report(report: dict) -> None:
    """A line an arm, and whether the synthetic text helped."""
    print(
        f"nats a character on the {report['data']} test part; {report['real_characters']:,} real "
        f"and {report['synthetic_characters']:,} synthetic characters, {report['budget']:,} read "
        f"by each LSTM, {report['seeds']} seeds"
    )
    rows = []
    for name, values in report["lstm"].items():
        mean = f"{statistics.mean(values):.4f} ± {spread(values):.4f}"
        rows.append((name, mean, f"{report['ngram'][name]:.4f}"))
    print_table(("trained on", "LSTM", "n-gram"), rows)
    print(verdict(report["difference"], report["seeds"]))


def verdict(difference: dict, seeds: int) -> str:
    """What the difference says, in one sentence: within two standard errors nothing is claimed."""
    mean, error = difference["mean"], difference["standard_deviation"] / math.sqrt(seeds)
    text = f"real + synthetic minus real: {mean:+.4f} ± {error:.4f} (standard error): "
    if seeds < 3 or abs(mean) <= 2 * error:
        return text + "no difference that these seeds can show"
    return text + ("the synthetic text helped" if mean < 0 else "the synthetic text did harm")


def spread(values: list[float]) -> float:
    """The standard deviation; 0 of a single value."""
    return statistics.stdev(values) if len(values) > 1 else 0.0


class ReusedTextModel:
    """A small character LSTM that is trained anew on text after text, and compiled once.

    With XLA, building a network anew takes longer than a small training does.
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
        self.model = self.trainer.model  # the next training changes it
        self.scorer = Scorer(self.model)

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
        warmup = min(MOST_WARMUP, steps // 10)
        trainer.settings = dataclasses.replace(trainer.settings, warmup_steps=warmup)
        settings, size = trainer.settings, self.model.vocabulary_size
        with first_weights_from(seed):
            new = CharacterModel(size, settings.embedding_dim, settings.units, settings.layers)
        self.model.set_weights(new.get_weights())
        for variable in trainer.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        trainer.start_epoch()

    def score(self, segments: np.ndarray) -> float:
        """Nats a character of codes (segments, length), the state carried."""
        parallel = max(1, ROWS_SCORED // len(segments))
        return mean_loss(self.scorer.carried(segments, parallel), segments)


def ngram_score(segments: np.ndarray, corpus: TextCorpus) -> float:
    """Nats a character of the corpus' test part under a Kneser-Ney n-gram of the segments.

    It counts all it is given (of a very long text the end), so a longer text is not read shorter.
    """
    longest = MOST_COUNTED // len(segments)
    model = KneserNey.fit(segments[:, -longest:], corpus.vocabulary.size, NGRAM_CONTEXT)
    return model.cross_entropy(corpus.test, ignore=Vocabulary.UNKNOWN)
