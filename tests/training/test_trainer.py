"""The set-up of a training run, with a learner that adds 1 a step."""

import csv
import json
import shutil

import pytest
import tensorflow as tf

from foundation.errors import Diverged, InputError, Interrupted
from training.averages import Averages
from training.config import TrainSettings
from training.trainer import train_run


class Counter:
    """Three steps an epoch (training.trainer.RunLearner)."""

    title, how_to_read, broken_epoch = "a counter", "it rises", None
    steps, steps_a_call = 3, 2

    def __init__(self, run):
        self.run, self.panels = run, {"value": {"value": "value"}}
        self.value, self.averages = tf.Variable(0.0), Averages(("value",))
        self.done = []

    def tracked(self):
        return {"value": self.value, "averages": self.averages}

    def variables(self):
        return [self.value]

    def start(self):
        self.done.append("start")

    def begin_epoch(self, epoch, first_step):
        pass

    def train_steps(self, epoch, first, last):
        for _ in range(first, last):
            self.value.assign_add(float("nan") if epoch + 1 == self.broken_epoch else 1.0)
            self.averages.update({"value": tf.constant(1.0)}, weight=1)

    def end_epoch(self, epoch):
        return {"last": float(self.value)}

    def enough(self, epochs_done):
        return False

    def finish(self):
        self.done.append(float(self.value))
        (self.run / "model").mkdir(exist_ok=True)


@pytest.fixture
def train(tmp_path):
    """Train a counter in RUN; `train.made` is the last one."""

    def trained(data="0" * 64, broken_epoch=None, **given):
        def make(run):
            trained.made = Counter(run)
            trained.made.broken_epoch = broken_epoch
            return trained.made

        settings = TrainSettings.resolve({"out": str(tmp_path / "run"), "quiet": True, **given})
        return train_run(settings, "counter-x", data, make)

    return trained


def rows(run) -> list[float]:
    """The value after each epoch of history.csv."""
    with open(run / "history.csv", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["epoch"] for row in found] == [str(epoch + 1) for epoch in range(len(found))]
    return [float(row["last"]) for row in found]


def test_a_run_starts_once_goes_on_and_finishes(train, tmp_path, capsys):
    learner, history = train(epochs=2)
    assert learner.done == ["start", 6.0] and learner.run == tmp_path / "run"
    assert history.last["last"] == 6.0 and (tmp_path / "run" / "losses.png").is_file()
    assert f"training a counter, epochs 1 to 2, run {learner.run}" in capsys.readouterr().out
    learner, _ = train(epochs=4, resume=True)
    assert learner.done == [12.0]
    assert rows(learner.run) == [3.0, 6.0, 9.0, 12.0]
    assert "epochs 3 to 4" in capsys.readouterr().out
    config = json.loads((learner.run / "config.json").read_text())
    assert config["settings"]["epochs"] == 4 and len(config["resumed_by"]) == 1


@pytest.mark.parametrize("damage", [None, b"", b"not what TensorFlow wrote"])
def test_a_lost_list_of_checkpoints_loses_nothing(train, tmp_path, damage):
    train(epochs=2)
    index = tmp_path / "run" / "checkpoints" / "checkpoint"
    index.unlink() if damage is None else index.write_bytes(damage)
    learner, _ = train(epochs=3, resume=True)
    assert rows(learner.run) == [3.0, 6.0, 9.0]


def test_what_a_run_cannot_go_on_with_is_refused(train, tmp_path):
    train(epochs=2)
    with pytest.raises(InputError, match="--seed 7 with --resume; 0"):
        train(resume=True, seed=7)
    with pytest.raises(InputError, match=r"as when .* was started"):
        train(data="1" * 64, resume=True, epochs=3)
    with pytest.raises(InputError, match="--epochs 1 with --resume; at least 2"):
        train(epochs=1, resume=True)
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    with pytest.raises(InputError, match="whose checkpoints are gone"):
        train(epochs=3, resume=True)
    assert rows(tmp_path / "run") == [3.0, 6.0]
    config = tmp_path / "run" / "config.json"
    content = json.loads(config.read_text())
    content["settings"]["gone"] = 0.2
    config.write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"started with --gone 0\.2; .*, which is gone"):
        train(epochs=3, resume=True)


def test_after_a_divergence_what_was_good_is_finished(train, tmp_path):
    with pytest.raises(Diverged, match=r"epoch 2: a weight is not finite.*ckpt-1000000"):
        train(broken_epoch=2, epochs=3)
    assert train.made.done == ["start", 3.0]  # the weights of the first epoch
    assert rows(tmp_path / "run") == [3.0]


def test_after_a_divergence_in_the_first_epoch_nothing_is_finished(train):
    with pytest.raises(Diverged, match="none was saved yet"):
        train(broken_epoch=1, epochs=3)
    assert train.made.done == ["start"]


def test_an_interrupted_run_is_finished_too(train, monkeypatch):
    def interrupted(*_):
        raise Interrupted("stopped")

    monkeypatch.setattr("training.trainer.train_epochs", interrupted)
    with pytest.raises(Interrupted):
        train(epochs=3)
    assert train.made.done == ["start", 0.0]
