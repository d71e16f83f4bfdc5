"""A whole training at small size: what it leaves, and that resuming changes no bit."""

import asyncio
import contextlib
import dataclasses
import io
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import run as command_line
from data.texts.vocabulary import Vocabulary
from evaluation.runs.evaluate import load_run_data
from foundation.errors import InputError, Interrupted
from lstm_text import train as train_module
from lstm_text.config import TextSettings
from lstm_text.origin import start_from
from lstm_text.score import Scorer
from lstm_text.step import TextTrainer, negative_log_likelihood
from lstm_text.train import TextLearner, load_corpus, streams_of, train
from lstm_text.trained import TrainedText
from tests.runs import checkpoint_bytes, history, interrupt_after, refused
from training.checkpoints import Checkpoints
from training.run_directory import open_run
from training.stored import load_run

WORDS = ("the ", "cat ", "sat ", "on ", "a ", "mat\n", "dog ", "ran. ")
LETTERS = "".join(sorted(set("".join(WORDS))))
BASE = {"epochs": 3, "embedding_dim": 6, "units": 12, "layers": 1, "batch_size": 4}
BASE |= {"sequence_length": 16, "learning_rate": 0.02, "warmup_steps": 5, "least_steps": 1}
BASE |= {"dropout": 0.2, "weight_average": 0.9}
CHARACTERS = 630  # 567 to train on: nine steps an epoch, in calls of eight and one
COMPILED = {}
BY_EACH_RUN = (
    "out",
    "data",
    "from_",
    "max_characters",
    "decay_epochs",
    "warmup_steps",
    "least_steps",
)
BY_EACH_RUN += ("calibrate", "epochs", "learning_rate", "resume", "quiet")


@pytest.fixture(scope="module", autouse=True)
def compiled_once():
    """Trainings of one model share what XLA compiled: seconds each, and not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "TextTrainer", shared_trainer)
        patch.setattr(train_module, "Scorer", lambda model: shared(Scorer, model))
        patch.setattr(train_module, "TrainedText", shared_writer)
        yield
    COMPILED.clear()


def shared(kind, model, *others):
    return COMPILED.setdefault((kind, id(model)), kind(model, *others))


def shared_writer(model, vocabulary) -> TrainedText:
    writer = TrainedText(model, vocabulary)
    writer._samplers = COMPILED.setdefault(("drawing", id(model)), {})
    return writer


def all_variables(trainer: TextTrainer) -> list[tf.Variable]:
    others = [trainer.state, trainer.averages.sums, trainer.best_loss, trainer.best_epoch]
    models = [*trainer.model.variables, *trainer.average_model.variables]
    return [*models, *trainer.optimizer.variables, *others]


def shared_trainer(settings, vocabulary_size, streams, total_steps) -> TextTrainer:
    """A trainer that was compiled before, all of it set to what a new one starts with."""
    new = TextTrainer(settings, vocabulary_size, streams, total_steps)
    compiled_in = dataclasses.asdict(settings)
    for name in BY_EACH_RUN:
        del compiled_in[name]
    kept = COMPILED.setdefault((str(compiled_in), vocabulary_size, streams), new)
    for old, value in zip(all_variables(kept), all_variables(new), strict=True):
        old.assign(value)
    kept.settings, kept.total_steps = settings, total_steps
    return kept


@pytest.fixture(scope="module")
def words(tmp_path_factory) -> str:
    """What --data calls a text of words."""
    path = tmp_path_factory.mktemp("data") / "words.txt"
    path.write_text("".join(np.random.default_rng(0).choice(WORDS, CHARACTERS))[:CHARACTERS])
    return f"file:{path}"


def settings(data, out, **given) -> TextSettings:
    return TextSettings.resolve({**BASE, "quiet": True, "data": data, "out": str(out), **given})


def resumed(run, **given) -> TextSettings:
    return TextSettings.resolve({"out": str(run), "resume": True, "quiet": True, **given})


def saved_weights(run) -> list[bytes]:
    with np.load(next((run / "model").glob("weights-*.npz"))) as archive:
        return [archive[name].tobytes() for name in archive.files]


def description(run) -> dict:
    return json.loads((run / "model" / "model.json").read_text(encoding="utf-8"))


def logits_of(run, text: np.ndarray) -> tf.Tensor:
    """What the saved model says after each character but the last, from the zero state."""
    model = load_run(run, "text").generator.model
    return model(tf.constant(text[:, :-1], tf.int32), model.zero_state(1))[0]


def loss_of(logits: tf.Tensor, text: np.ndarray) -> float:
    """In nats a character."""
    return float(tf.reduce_mean(negative_log_likelihood(logits, text[:, 1:].astype(np.int32))))


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


@pytest.fixture
def learner(words, tmp_path) -> TextLearner:
    """A training that has not begun."""
    chosen = settings(words, tmp_path)
    return TextLearner(chosen, load_corpus(chosen), tmp_path)


def test_a_run_directory_holds_what_the_design_says(unbroken):
    config = json.loads((unbroken / "config.json").read_text())
    assert config["kind"] == "text" and len(config["data_sha256"]) == 64
    assert config["settings"]["decay_epochs"] == 3  # as it was resolved
    assert {"python", "tensorflow", "keras", "numpy"} <= set(config["versions"])
    rows = [{name: float(value) for name, value in row.items()} for row in history(unbroken)]
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert all(math.isfinite(value) for row in rows for value in row.values())
    assert rows[-1]["loss"] < rows[0]["loss"] < math.log(16)
    for row in rows:
        assert row["validation_bits"] == pytest.approx(row["validation_loss"] / math.log(2))
    samples = sorted(path.name for path in (unbroken / "samples").iterdir())
    assert samples == [f"epoch_{epoch:04d}.txt" for epoch in (1, 2, 3)]
    with Image.open(unbroken / "losses.png") as image:
        image.verify()
    assert "".join(load_run(unbroken, "text").generator.vocabulary.characters) == LETTERS


def test_the_model_is_the_average_of_the_best_epoch_and_wrote_its_sample(unbroken, learner):
    """Scored anew it gives the best loss in history.csv, and it is not the last step's weights."""
    losses = [float(row["validation_loss"]) for row in history(unbroken)]
    best = int(np.argmin(losses)) + 1
    assert description(unbroken)["epoch"] == best
    writer, validation = load_run(unbroken, "text").generator, learner.corpus.validation
    loss = loss_of(logits_of(unbroken, validation), validation)
    assert loss == pytest.approx(min(losses), rel=1e-5)
    sample = (unbroken / "samples" / f"epoch_{best:04d}.txt").read_text(encoding="utf-8")
    assert sample == writer.sample(0, 0, 1, length=len(sample) - 1)[0] + "\n"
    trainer = learner.trainer
    Checkpoints(unbroken / "checkpoints", **trainer.tracked()).restore()
    assert int(trainer.best_epoch) == best
    assert float(trainer.best_loss) == pytest.approx(min(losses))
    rates = trainer.learning_rates(0, 27)  # of all steps, not of one epoch's
    assert float(trainer.optimizer.learning_rate) == rates[-1] < rates[8]
    assert [float(row["learning_rate"]) for row in history(unbroken)] == rates[8::9].tolist()
    last, averaged = (
        [each.tobytes() for each in model.get_weights()]
        for model in (trainer.model, trainer.average_model)
    )
    assert saved_weights(unbroken) != last
    assert (saved_weights(unbroken) == averaged) == (best == 3)


def test_the_weights_of_the_best_epoch_stay(learner, monkeypatch):
    losses, kept = iter([3.0, 2.0, 2.0, 4.0]), []
    monkeypatch.setattr(
        learner.scorer, "carried", lambda text, _: np.full((1, text.size - 1), next(losses))
    )
    for epoch in range(4):
        for weight in learner.trainer.average_model.variables:
            weight.assign_add(tf.ones_like(weight))
        row = learner.end_epoch(epoch)
        kept.append([each.tobytes() for each in learner.trainer.judged.get_weights()])
    assert row["validation_loss"] == 4.0
    learner.finish()
    assert description(learner.run)["epoch"] == 2 and saved_weights(learner.run) == kept[1]


def test_an_interrupted_run_resumes_bit_for_bit(words, tmp_path, unbroken, monkeypatch):
    """Between two epochs, then inside the second: nine steps, in calls of eight and one."""
    run, stops = tmp_path / "interrupted", []
    for calls, go_on in ((2, False), (1, True)):  # pieces done before each stop
        with monkeypatch.context() as patch:
            interrupt_after(calls, TextTrainer, patch)
            with pytest.raises(Interrupted, match="saved") as stop:
                train(resumed(run) if go_on else settings(words, run))
        stops.append(str(stop.value).split(";")[0].removeprefix("stopped "))
        load_run(run, "text")  # a stopped run leaves a model, whenever it was stopped
    assert stops == ["after epoch 1", "in epoch 2, step 8"]
    assert len(history(run)) == 1
    train(resumed(run))
    assert_same_run(run, unbroken)


def test_a_calibrated_run_is_the_same_training_with_another_model_saved(
    words, tmp_path, unbroken, learner
):
    run, validation = tmp_path / "scaled", learner.corpus.validation
    train(settings(words, run, calibrate=True))
    assert checkpoint_bytes(run) == checkpoint_bytes(unbroken)
    assert history(run) == history(unbroken)
    assert description(unbroken)["logit_scale"] == 1.0 != description(run)["logit_scale"]
    plain, scaled = (logits_of(each, validation) for each in (unbroken, run))
    np.testing.assert_allclose(scaled, description(run)["logit_scale"] * plain, atol=1e-4)
    assert loss_of(scaled, validation) < loss_of(plain, validation)


def test_the_seed_decides_the_first_weights_and_the_order(words, tmp_path, monkeypatch):
    learners = []
    monkeypatch.setattr(
        "training.trainer.train_epochs", lambda learner, *_: learners.append(learner)
    )
    for name, seed in (("a", 0), ("again", 0), ("other", 1)):
        train(settings(words, tmp_path / name, seed=seed))
    first, again, other = (saved_weights(tmp_path / name) for name in ("a", "again", "other"))
    assert first == again
    kernels = [index for index, weights in enumerate(first) if any(weights)]  # biases: 0 and 1
    assert sum(first[index] != other[index] for index in kernels) == 4
    assert [learner.streams.seed for learner in learners] == [0, 0, 1]


def test_judging_leaves_the_training_untouched_and_an_epoch_forgets_what_was_read(learner):
    learner.begin_epoch(0, 0)
    learner.train_steps(0, 0, 8)
    trainer = learner.trainer

    def bits() -> list[bytes]:
        kept = all_variables(trainer)[:-2]  # all but the best loss and its epoch
        return [np.asarray(variable).tobytes() for variable in kept]

    before = bits()
    assert np.any(trainer.state) and np.any(trainer.averages.sums)
    row = learner.end_epoch(0)
    assert bits() == before
    assert float(trainer.best_loss) == pytest.approx(row["validation_loss"])
    assert int(trainer.best_epoch) == 1
    assert learner.end_epoch(0)["validation_loss"] == row["validation_loss"]
    learner.begin_epoch(0, 8)  # it goes on
    assert bits() == before
    learner.begin_epoch(1, 0)
    assert not np.any(trainer.state) and not np.any(trainer.averages.sums)


def test_training_reads_the_training_part_and_all_of_it(tmp_path, monkeypatch):
    """Characters that only the held-out parts have would be code 0."""
    known = "".join(np.random.default_rng(0).choice(WORDS, 300))[:567]
    (tmp_path / "text.txt").write_text(known + "the XYZ. ".center(63), encoding="utf-8")
    seen, targets_an_epoch = set(), []
    original = TextTrainer.train_steps

    def watching(self, inputs, targets, weights, *others):
        counts = weights.numpy() > 0
        seen.update(inputs.numpy()[counts].tolist(), targets.numpy()[counts].tolist())
        targets_an_epoch.append(int(counts.sum()))
        original.__get__(self, TextTrainer)(inputs, targets, weights, *others)

    monkeypatch.setattr(TextTrainer, "train_steps", watching)
    train(settings(f"file:{tmp_path / 'text.txt'}", tmp_path / "run", epochs=1))
    assert seen == set(range(1, len(set(known)) + 1))
    assert sum(targets_an_epoch) == 567 - 1
    vocabulary = load_run(tmp_path / "run", "text").generator.vocabulary
    assert vocabulary.characters == tuple(sorted(set(known)))


def test_before_training_all_characters_are_equally_likely(learner, capsys):
    learner.start()
    loss, chance = map(float, re.findall(r"\d\.\d{3}", capsys.readouterr().out))
    assert chance == pytest.approx(math.log(learner.corpus.vocabulary.size), abs=1e-3)
    assert loss == pytest.approx(chance, rel=0.02)
    bias = learner.trainer.model.head.bias
    bias.assign(5.0 * np.eye(bias.shape[0])[1])  # code 1 nearly always
    learner.start()
    assert re.match("warning: .* 2%", capsys.readouterr().err)


def test_resume_refuses_other_settings_and_keeps_the_end_of_the_cosine(words, tmp_path):
    run = open_run(settings(words, tmp_path / "run", epochs=1), "text", "0" * 64)
    for name, value in (("seed", 7), ("units", 13), ("decay_epochs", 9), ("split", "interleaved")):
        flag = "--" + name.replace("_", "-")
        with pytest.raises(InputError, match=f"{flag} {value} with --resume"):
            resumed(run, **{name: value})
    assert resumed(run, epochs=3).decay_epochs == 1
    assert settings(words, run, epochs=3, decay_epochs=5).decay_epochs == 5
    assert TextSettings.resolve({"preset": "smoke"}).decay_epochs == 2


def test_the_split_is_the_one_that_is_asked_for(tmp_path):
    (tmp_path / "long.txt").write_text("ab" * 50_000)
    chosen = settings(f"file:{tmp_path / 'long.txt'}", tmp_path, split="interleaved")
    shapes = [part.shape for part in load_corpus(chosen).parts.values()]
    assert shapes == [(100, 800), (100, 100), (100, 100)]


def command_words(*flags, **given) -> list[str]:
    """A training as one would type it."""
    small = [f"--{name.replace('_', '-')}={value}" for name, value in {**BASE, **given}.items()]
    return ["text", "train", *small, *map(str, flags)]


def test_a_huge_learning_rate_ends_with_exit_code_3(words, tmp_path, capsys):
    given = {"data": words, "out": tmp_path / "run", "learning_rate": "1e37"}
    assert command_line.main(command_words("--quiet", **given)) == 3
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: training diverged in epoch 1: ")
    assert "not finite; none was saved yet; try a lower --learning-rate" in lines[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * 500, "nothing but 'a'"),
        ("ab" * 900 + "xy" * 100, "no character that the training part has"),
        ("ab" * 61, "3 steps in all for file:"),
    ],
)
def test_text_that_cannot_train_is_refused_in_one_line(tmp_path, capsys, text, message):
    (tmp_path / "text.txt").write_text(text)
    given = {"data": f"file:{tmp_path / 'text.txt'}", "out": tmp_path / "run"}
    words = command_words(**given, sequence_length=108)
    assert message in refused(capsys, *words)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("least", "streams", "steps"),
    [(27, 4, 9), (28, 3, 12), (50, 2, 18), (107, 1, 36), (999, 1, 36)],
)
def test_a_short_text_is_cut_into_fewer_streams_so_that_steps_remain(
    words, tmp_path, least, streams, steps
):
    chosen = settings(words, tmp_path, least_steps=least)
    found = streams_of(chosen, load_corpus(chosen))
    assert (found.streams, found.steps) == (streams, steps)
    with pytest.raises(InputError, match=r"108 steps in all .*; give --epochs 4, a longer text"):
        late = settings(words, tmp_path, least_steps=109, warmup_steps=108)
        streams_of(late, load_corpus(chosen))


def test_what_limits_a_training_is_told(words, tmp_path, capsys):
    given = {"max_characters": 600, "batch_size": 3, "least_steps": 40, "learning_rate": 0.0}
    train(settings(words, tmp_path / "run", **given))
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")]
    assert told == [
        "note: the first 600 of 630 characters, --max-characters to change it",
        "note: --batch-size 3 lowered to 2, as the text is too short for --least-steps 40 else",
        "note: that is no better than chance; give more --epochs, or a longer text",
    ]


def test_a_run_starts_with_the_model_of_another_and_new_characters_as_unknown_ones(
    unbroken, tmp_path, monkeypatch, capsys
):
    """With a step size of 0 what it starts with is what it saves; and RUN may go meanwhile."""
    text = "".join(np.random.default_rng(1).choice(["the ", "鵝 ", "Z "], 300))
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    origin, run = shutil.copytree(unbroken, tmp_path / "origin"), tmp_path / "run"
    data = f"file:{tmp_path / 'text.txt'}"
    given = {"from_": str(origin), "learning_rate": 0.0, "epochs": 1, "decay_epochs": 2}
    for name, size in (("units", 13), ("layers", 2)):
        with pytest.raises(InputError, match=f"--{name} {size} with --from .*, as it has; leave"):
            settings(data, run, **{**given, name: size})
    for name in ("embedding_dim", "units", "layers"):
        monkeypatch.delitem(BASE, name)
    train(settings(data, run, preset="smoke", **given))
    old, new = (load_run(each, "text").generator for each in (origin, run))
    assert "".join(new.vocabulary.characters) == "".join(sorted({*LETTERS, "Z", "鵝"}))
    known = new.vocabulary.encode(LETTERS)
    before, after = (
        writer.model(
            tf.constant([writer.vocabulary.encode(LETTERS)], tf.int32), writer.model.zero_state(1)
        )[0]
        for writer in (old, new)
    )
    np.testing.assert_allclose(after.numpy()[..., known], before[..., 1:], atol=1e-5)
    embedding, *_, kernel, bias = new.model.get_weights()
    for code in new.vocabulary.encode("Z鵝"):
        for rows in (embedding, kernel.T, bias):
            np.testing.assert_array_equal(rows[code], rows[Vocabulary.UNKNOWN])
    config = json.loads((run / "config.json").read_text())["from"]
    assert config["run"] == str(origin) and config["sha256"] == description(origin)["sha256"]
    with pytest.raises(InputError, match="whose model has changed since the run began"):
        start_from({**config, "sha256": "0" * 64}, None, new.vocabulary)
    shutil.rmtree(origin)
    weights = saved_weights(run)
    train(resumed(run, epochs=2, from_=str(origin)))
    assert saved_weights(run) == weights and len(history(run)) == 2
    load_run_data(load_run(run, "text"))  # whose hash counts the characters that it brought along
    capsys.readouterr()
    gone = command_words(**{"data": data, "out": tmp_path / "other", "from": origin})
    assert "does not exist; a run directory" in refused(capsys, *gone)
    assert not (tmp_path / "other").exists()


def test_from_a_notebook_in_a_thread_a_run_is_the_same_bit_for_bit(words, tmp_path, unbroken):
    """Python allows no signal handlers there, stdout has no file, and a loop is running."""
    codes, written, handler = [], io.StringIO(), signal.getsignal(signal.SIGTERM)

    async def cell():
        with contextlib.redirect_stdout(written):
            codes.append(
                command_line.main(command_words("--quiet", data=words, out=tmp_path / "RUN"))
            )
            codes.append(command_line.main(["text", "sing"]))

    thread = threading.Thread(target=lambda: asyncio.run(cell()))
    thread.start()
    thread.join()
    assert codes == [0, 2] and "done: " in written.getvalue()
    assert_same_run(tmp_path / "RUN", unbroken)
    config = json.loads((tmp_path / "RUN" / "config.json").read_text())
    assert config["command"].startswith("python run.py text train --epochs=3 ")
    assert signal.getsignal(signal.SIGTERM) is handler
    assert command_line.main(["data", "list"]) == 0
    assert signal.getsignal(signal.SIGTERM) is handler


def test_ctrl_c_in_the_shell_saves_and_ends_with_130(words, tmp_path, unbroken):
    """And a process of its own does the same to the last bit."""
    endless = command_words(epochs=1_000_000, decay_epochs=3, data=words, out="RUN")
    process = subprocess.Popen(
        [sys.executable, command_line.__file__, *endless],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert any(line.startswith("loss before training") for line in process.stdout)
        time.sleep(1)  # while the first steps are compiled
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130 and "Traceback" not in errors, errors
    last = errors.splitlines()[-1]
    assert last.startswith("stopped ") and last.endswith("; RUN is saved")
    train(resumed(tmp_path / "RUN", epochs=3))
    assert_same_run(tmp_path / "RUN", unbroken)


def test_a_run_with_an_option_that_is_gone_goes_on_only_if_it_changed_nothing(unbroken, tmp_path):
    config = json.loads((unbroken / "config.json").read_text())
    config["settings"] |= {"patience": None, "conditioning": "projection"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    TextSettings.resolve({"out": str(tmp_path), "resume": True})
    config["settings"]["recurrent_dropout"] = 0.2
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=r"--recurrent-dropout 0.2; .*, which is gone"):
        TextSettings.resolve({"out": str(tmp_path), "resume": True})
