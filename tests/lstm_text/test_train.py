"""A whole training at small size: what it leaves, and that resuming changes no bit."""

import json
import math
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import run as command_line
from foundation.errors import Diverged, InputError, Interrupted
from lstm_text.config import TextSettings
from lstm_text.score import Scorer, mean_loss
from lstm_text.step import TextTrainer
from lstm_text.train import TextLearner, load_corpus, report_initial_loss, train
from tests.lstm_text.compiled import all_variables, compiled_once
from tests.runs import checkpoint_bytes, history, interrupt_after
from training.checkpoints import Checkpoints
from training.run_directory import open_run
from training.stored import load_run

WORDS = ("the ", "cat ", "sat ", "on ", "a ", "mat\n", "dog ", "ran. ")
BASE = {
    "epochs": 4,
    "embedding_dim": 6,
    "units": 12,
    "layers": 1,
    "batch_size": 4,
    "sequence_length": 16,
    "learning_rate": 0.02,
    "warmup_steps": 5,
    "dropout": 0.2,
    "weight_average": 0.9,
    "quiet": True,
}  # 630 training characters: ten steps an epoch, the last one not full
PLAIN = {"dropout": 0.0, "weight_average": 0.0}


@pytest.fixture(scope="module", autouse=True)
def share_what_is_compiled():
    with compiled_once():
        yield


def write_words(path, count: int = 700, seed: int = 0) -> str:
    """A text of so many characters; returns what --data calls it."""
    words = np.random.default_rng(seed).choice(WORDS, count)
    path.write_text("".join(words)[:count], encoding="utf-8")
    return f"file:{path}"


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return write_words(tmp_path_factory.mktemp("data") / "words.txt")


def settings(data, out, **given) -> TextSettings:
    return TextSettings.resolve({**BASE, "data": data, "out": str(out), **given})


def resumed(run, **given) -> TextSettings:
    return TextSettings.resolve({"out": str(run), "resume": True, "quiet": True, **given})


def saved_weights(run) -> list[bytes]:
    with np.load(next((run / "model").glob("weights-*.npz"))) as archive:
        return [archive[name].tobytes() for name in archive.files]


def assert_same_run(a, b) -> None:
    assert checkpoint_bytes(a) == checkpoint_bytes(b)
    assert history(a) == history(b)
    assert saved_weights(a) == saved_weights(b)
    for path in (a / "samples").iterdir():
        assert path.read_bytes() == (b / "samples" / path.name).read_bytes()


@pytest.fixture(scope="module")
def unbroken(words, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "unbroken"
    train(settings(words, run))
    return run


def test_a_run_directory_holds_what_the_design_says(unbroken, words):
    config = json.loads((unbroken / "config.json").read_text())
    assert config["kind"] == "text" and len(config["data_sha256"]) == 64
    assert config["settings"]["decay_epochs"] == 4  # as it was resolved
    assert {"python", "tensorflow", "keras", "numpy"} <= set(config["versions"])
    rows = history(unbroken)
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    names = {"epoch", "loss", "validation_loss", "validation_bits", "learning_rate"}
    assert names <= set(rows[0])
    values = [{name: float(value) for name, value in row.items()} for row in rows]
    assert all(math.isfinite(value) for row in values for value in row.values())
    assert values[-1]["loss"] < values[0]["loss"] < math.log(16)
    for row in values:
        assert row["validation_bits"] == pytest.approx(row["validation_loss"] / math.log(2))
    assert len(list((unbroken / "checkpoints").glob("*.index"))) == 3
    samples = sorted(path.name for path in (unbroken / "samples").iterdir())
    assert samples == [f"epoch_{epoch:04d}.txt" for epoch in range(1, 5)]
    with Image.open(unbroken / "losses.png") as image:
        image.verify()
    writer = load_run(unbroken, "text").generator
    assert "".join(writer.vocabulary.characters) == "".join(sorted(set("".join(WORDS))))


def test_the_model_is_the_average_of_the_best_epoch_and_wrote_its_sample(unbroken, words):
    """Scored anew it gives the best loss in history.csv, and it is not the last step's weights."""
    losses = [float(row["validation_loss"]) for row in history(unbroken)]
    best = int(np.argmin(losses)) + 1
    description = json.loads((unbroken / "model" / "model.json").read_text(encoding="utf-8"))
    assert description["epoch"] == best
    writer, corpus = load_run(unbroken, "text").generator, load_corpus(settings(words, unbroken))
    carried = Scorer(writer.model).carried(corpus.validation)
    assert mean_loss(carried, corpus.validation) == pytest.approx(min(losses), rel=1e-5)
    sample = (unbroken / "samples" / f"epoch_{best:04d}.txt").read_text(encoding="utf-8")
    assert sample == writer.sample(0, 0, 1, length=len(sample) - 1)[0] + "\n"
    learner = TextLearner(settings(words, unbroken), corpus, unbroken)
    Checkpoints(unbroken / "checkpoints", **learner.trainer.tracked()).restore()
    assert int(learner.trainer.best_epoch) == best
    assert float(learner.trainer.best_loss) == pytest.approx(min(losses))
    rates = learner.trainer.learning_rates(0, 40)  # of all steps, not of one epoch's
    assert float(learner.trainer.optimizer.learning_rate) == rates[-1] < rates[9]
    assert [float(row["learning_rate"]) for row in history(unbroken)] == rates[9::10].tolist()
    last = [each.tobytes() for each in learner.trainer.model.get_weights()]
    averaged = [each.tobytes() for each in learner.trainer.average_model.get_weights()]
    assert saved_weights(unbroken) != last
    assert (saved_weights(unbroken) == averaged) == (best == 4)


def test_two_epochs_and_two_more_are_four_bit_for_bit(words, tmp_path, unbroken):
    run = tmp_path / "continued"
    train(settings(words, run, epochs=2, decay_epochs=4))
    train(resumed(run, epochs=4, decay_epochs=4))
    assert_same_run(run, unbroken)


@pytest.mark.parametrize("calls", [1, 4, 6])
def test_an_interrupted_run_resumes_bit_for_bit(words, tmp_path, unbroken, monkeypatch, calls):
    """In the first epoch, between two, inside the second: ten steps, here in pieces of three."""
    run = tmp_path / "interrupted"
    with monkeypatch.context() as patch:
        patch.setattr(TextLearner, "steps_a_call", 3)
        interrupt_after(calls, TextTrainer, patch)
        with pytest.raises(Interrupted, match="saved"):
            train(settings(words, run))
    assert len(history(run) if calls > 1 else []) == calls // 4
    load_run(run, "text")  # a stopped run leaves a model, whenever it was stopped
    train(resumed(run))
    assert_same_run(run, unbroken)


def test_the_seed_decides_the_first_weights_and_the_order(words, tmp_path, monkeypatch):
    monkeypatch.setattr("training.trainer.train_epochs", lambda *_: None)
    for name, seed in (("a", 0), ("again", 0), ("other", 1)):
        train(settings(words, tmp_path / name, seed=seed))
    first, again, other = (saved_weights(tmp_path / name) for name in ("a", "again", "other"))
    assert first == again
    kernels = [index for index, weights in enumerate(first) if any(weights)]  # biases: 0 and 1
    assert sum(first[index] != other[index] for index in kernels) == 4
    chosen = [settings(words, tmp_path, seed=seed) for seed in (0, 1)]
    learners = [TextLearner(each, load_corpus(each), tmp_path) for each in chosen]
    assert learners[0].streams.offset(0) != learners[1].streams.offset(0)


def test_judging_leaves_the_training_untouched(words, tmp_path):
    learner = TextLearner(
        settings(words, tmp_path), load_corpus(settings(words, tmp_path)), tmp_path
    )
    learner.begin_epoch(0, 0)
    learner.train_steps(0, 0, 4)
    trainer = learner.trainer

    def bits() -> list[bytes]:
        kept = all_variables(trainer)[:-2]  # all but the best loss and its epoch
        return [np.asarray(variable).tobytes() for variable in kept]

    before = bits()
    assert np.any(trainer.state) and np.any(trainer.averages.sums)
    row = learner.end_epoch(0)
    assert bits() == before
    assert (float(trainer.best_loss), int(trainer.best_epoch)) == (
        pytest.approx(row["validation_loss"]),
        1,
    )
    assert learner.end_epoch(0)["validation_loss"] == row["validation_loss"]


def test_an_epoch_that_goes_on_keeps_what_was_read(words, tmp_path):
    learner = TextLearner(
        settings(words, tmp_path), load_corpus(settings(words, tmp_path)), tmp_path
    )
    learner.begin_epoch(0, 0)
    learner.train_steps(0, 0, 4)
    learner.begin_epoch(0, 4)
    assert np.any(learner.trainer.state) and np.any(learner.trainer.averages.sums)
    learner.begin_epoch(1, 0)
    assert not np.any(learner.trainer.state) and not np.any(learner.trainer.averages.sums)


def test_training_reads_the_training_part_and_all_of_it(tmp_path, monkeypatch):
    """Characters that only the held-out parts have would be code 0."""
    known = "".join(np.random.default_rng(0).choice(WORDS, 300))[:900]
    (tmp_path / "text.txt").write_text(known + "the XYZ. ".center(100), encoding="utf-8")
    seen, targets_an_epoch = set(), []
    original = TextTrainer.train_steps

    def watching(self, inputs, targets, weights, *others):
        counts = weights.numpy() > 0
        seen.update(inputs.numpy()[counts].tolist(), targets.numpy()[counts].tolist())
        targets_an_epoch.append(int(counts.sum()))
        original.__get__(self, TextTrainer)(inputs, targets, weights, *others)

    monkeypatch.setattr(TextTrainer, "train_steps", watching)
    train(settings(f"file:{tmp_path / 'text.txt'}", tmp_path / "run", **PLAIN, epochs=1))
    assert seen == set(range(1, len(set(known)) + 1))
    assert sum(targets_an_epoch) == 900 - 1
    vocabulary = load_run(tmp_path / "run", "text").generator.vocabulary
    assert vocabulary.characters == tuple(sorted(set(known)))


def test_before_training_all_characters_are_equally_likely(words, tmp_path, capsys):
    learner = TextLearner(
        settings(words, tmp_path), load_corpus(settings(words, tmp_path)), tmp_path
    )
    loss = report_initial_loss(learner)
    chance = math.log(learner.corpus.vocabulary.size)
    assert loss == pytest.approx(chance, rel=0.02)
    shown = capsys.readouterr().out
    assert f"{loss:.3f}" in shown and f"{chance:.3f}" in shown


@pytest.fixture(scope="module")
def overfitted(tmp_path_factory):
    """Letters without any order, learnt by heart: only the first epochs help with other letters."""
    folder = tmp_path_factory.mktemp("overfitted")
    letters = np.random.default_rng(0).choice(sorted(set("".join(WORDS))), 600)
    (folder / "letters.txt").write_text("".join(letters), encoding="utf-8")
    given = {**PLAIN, "learning_rate": 0.1, "epochs": 25, "patience": 5}
    data = f"file:{folder / 'letters.txt'}"
    train(settings(data, folder / "run", **given, decay_epochs=200))
    return folder / "run"


def test_patience_stops_and_the_best_weights_stay(overfitted):
    rows = history(overfitted)
    losses = [float(row["validation_loss"]) for row in rows]
    best = int(np.argmin(losses)) + 1
    assert len(losses) == best + 5 < 25
    assert losses[-1] > min(losses) + 0.05
    writer = load_run(overfitted, "text").generator
    config = json.loads((overfitted / "config.json").read_text())["settings"]
    corpus = load_corpus(TextSettings(**config))
    carried = Scorer(writer.model).carried(corpus.validation)
    assert mean_loss(carried, corpus.validation) == pytest.approx(min(losses), rel=1e-4)
    description = json.loads((overfitted / "model" / "model.json").read_text(encoding="utf-8"))
    assert description["epoch"] == best


def test_a_run_that_patience_stopped_stays_stopped(overfitted, tmp_path, capsys):
    run = shutil.copytree(overfitted, tmp_path / "run")
    train(resumed(run, epochs=60))
    assert "no better validation loss in the 5 epochs" in capsys.readouterr().out
    assert_same_run(run, overfitted)


def test_resume_refuses_other_data_other_settings_and_fewer_epochs(tmp_path):
    data, run = write_words(tmp_path / "words.txt"), tmp_path / "run"
    train(settings(data, run, epochs=2))
    for name, value in (("seed", 7), ("units", 13), ("decay_epochs", 9), ("split", "interleaved")):
        flag = "--" + name.replace("_", "-")
        with pytest.raises(InputError, match=f"{flag} {value} with --resume"):
            resumed(run, **{name: value})
    with pytest.raises(InputError, match="--epochs 1 with --resume; at least 2"):
        train(resumed(run, epochs=1))
    write_words(tmp_path / "words.txt", seed=1)
    with pytest.raises(InputError, match=r"as when .* was started"):
        train(resumed(run, epochs=3))
    assert len(history(run)) == 2


def test_lost_checkpoints_are_not_trained_over(words, tmp_path, unbroken):
    run = shutil.copytree(unbroken, tmp_path / "run")
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(InputError, match="whose checkpoints are gone"):
        train(resumed(run, epochs=6))
    assert history(run) == history(unbroken)


def test_a_longer_run_keeps_the_end_of_its_cosine(words, tmp_path):
    run = open_run(settings(words, tmp_path / "run", epochs=1), "text", "0" * 64)
    assert resumed(run, epochs=3).decay_epochs == 1
    assert settings(words, run, epochs=3).decay_epochs == 3
    assert settings(words, run, epochs=3, decay_epochs=5).decay_epochs == 5
    assert TextSettings.resolve({"preset": "smoke"}).decay_epochs == 2


def test_a_broken_weight_stops_the_run_and_the_last_checkpoint_is_good(
    words, tmp_path, monkeypatch, unbroken
):
    run = tmp_path / "diverging"
    original, calls = TextTrainer.train_steps, iter(range(100))

    def poisoned(self, *arguments):
        if next(calls) == 4:  # two calls an epoch
            self.model.variables[0].assign(self.model.variables[0] * float("nan"))
        original.__get__(self, TextTrainer)(*arguments)

    monkeypatch.setattr(TextTrainer, "train_steps", poisoned)
    with pytest.raises(Diverged, match=r"epoch 3.*ckpt-2000000.*--learning-rate"):
        train(settings(words, run))
    monkeypatch.undo()
    assert len(history(run)) == 2
    load_run(run, "text")
    train(resumed(run))
    assert_same_run(run, unbroken)


def command(*flags) -> int:
    small = [
        word
        for name, value in {**BASE, **PLAIN}.items()
        if name not in ("quiet", "epochs")
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    return command_line.main(["text", "train", "--quiet", *small, *map(str, flags)])


def test_a_huge_learning_rate_ends_with_exit_code_3(words, tmp_path, capsys):
    flags = ("--data", words, "--out", tmp_path / "run", "--epochs", 50, "--learning-rate", "1e37")
    assert command(*flags) == 3
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: training diverged in epoch 1: ")
    assert "not finite; none was saved yet; try a lower --learning-rate" in lines[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no"),
        ("a" * 500, "nothing but 'a'"),
        ("ab" * 14, "a text of 28 characters"),
        ("ab" * 60, "108 training characters"),
        ("ab" * 900 + "xy" * 100, "no character that the training part has"),
    ],
)
def test_text_that_cannot_train_is_refused_in_one_line(tmp_path, capsys, text, message):
    (tmp_path / "text.txt").write_text(text)
    flags = ("--data", f"file:{tmp_path / 'text.txt'}", "--out", tmp_path / "run")
    assert command(*flags, "--sequence-length", 108) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: ") and lines[0].count("; ") >= 2
    assert message in lines[0]
    assert not (tmp_path / "run").exists()


def test_the_interleaved_split_trains(tmp_path):
    data = write_words(tmp_path / "long.txt", 100_000)
    chosen = settings(data, tmp_path / "run", **PLAIN, split="interleaved", epochs=1)
    corpus = load_corpus(chosen)
    assert [part.shape for part in corpus.parts.values()] == [(100, 800), (100, 100), (100, 100)]
    train(chosen)
    (row,) = history(tmp_path / "run")
    assert float(row["validation_loss"]) < 0.5 * math.log(16)


def test_ctrl_c_in_the_shell_saves_and_ends_with_130(words, tmp_path, unbroken):
    """And a process of its own does the same to the last bit."""
    endless = {**BASE, "epochs": 1_000_000, "decay_epochs": 4, "data": words, "out": "RUN"}
    del endless["quiet"]
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in endless.items()]
    process = subprocess.Popen(
        [sys.executable, command_line.__file__, "text", "train", *flags],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 240
        while len(list(tmp_path.glob("RUN/checkpoints/*.index"))) < 3:  # three epochs or more
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        shown, errors = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, errors
    assert "RUN is saved" in errors.splitlines()[-1] and "Traceback" not in errors
    assert "loss before training" in shown and "epoch 1/1000000" in errors
    run = tmp_path / "RUN"
    rows = history(run)
    newest = tf.train.latest_checkpoint(str(run / "checkpoints"))
    assert int(newest.rsplit("-", 1)[1]) // 1_000_000 == len(rows) >= 3
    assert rows[:4] == history(unbroken)[: len(rows)]
    for epoch in (1, 2, 3):
        name = f"samples/epoch_{epoch:04d}.txt"
        assert (run / name).read_bytes() == (unbroken / name).read_bytes()
    load_run(run, "text")


def test_a_model_that_prefers_characters_before_training_is_told(words, tmp_path, capsys):
    learner = TextLearner(
        settings(words, tmp_path), load_corpus(settings(words, tmp_path)), tmp_path
    )
    bias = learner.trainer.model.head.bias
    bias.assign(5.0 * np.eye(bias.shape[0])[1])  # code 1 nearly always
    loss = report_initial_loss(learner)
    captured = capsys.readouterr()
    assert loss > 1.5 * math.log(learner.corpus.vocabulary.size)
    assert captured.err.startswith("warning: ") and "2%" in captured.err
    assert f"{loss:.3f}" in captured.out


def test_a_run_with_an_option_that_is_gone_is_not_resumed_without_it(unbroken, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    config = json.loads((unbroken / "config.json").read_text())
    config["settings"] |= {"tie_weights": False, "recurrent_dropout": 0.0}
    (run / "config.json").write_text(json.dumps(config))
    assert resumed(run).units == BASE["units"]
    config["settings"]["recurrent_dropout"] = 0.2
    (run / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=r"--recurrent-dropout 0.2; .*, which is gone"):
        resumed(run)
