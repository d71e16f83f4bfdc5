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

    title, how_to_read = "a counter", "it rises"
    steps, steps_a_call = 3, 2

    def __init__(self, run, broken_epoch=None):
        self.panels = {"value": {"value": "value"}}
        self.run, self.broken_epoch = run, broken_epoch
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


def trained(out, make=Counter, data="0" * 64, **given):
    settings = TrainSettings.resolve({"out": str(out), "quiet": True, **given})
    return train_run(settings, "counter-x", data, make)


def rows(run) -> list[tuple[str, str]]:
    with open(run / "history.csv", newline="") as file:
        return [(row["epoch"], row["last"]) for row in csv.DictReader(file)]


def test_a_run_starts_once_goes_on_and_finishes(tmp_path, capsys):
    learner, history = trained(tmp_path / "run", epochs=2)
    assert learner.done == ["start", 6.0] and learner.run == tmp_path / "run"
    assert history.last["last"] == 6.0 and (tmp_path / "run" / "losses.png").is_file()
    assert f"training a counter, epochs 1 to 2, run {learner.run}" in capsys.readouterr().out
    learner, _ = trained(tmp_path / "run", epochs=4, resume=True)
    assert learner.done == [12.0]
    assert rows(learner.run) == [("1", "3.0"), ("2", "6.0"), ("3", "9.0"), ("4", "12.0")]
    assert "epochs 3 to 4" in capsys.readouterr().out
    config = json.loads((learner.run / "config.json").read_text())
    assert config["settings"]["epochs"] == 4 and len(config["resumed_by"]) == 1


@pytest.mark.parametrize("damage", [None, b"", b"not what TensorFlow wrote"])
def test_a_lost_list_of_checkpoints_loses_nothing(tmp_path, damage):
    trained(tmp_path / "run", epochs=2)
    index = tmp_path / "run" / "checkpoints" / "checkpoint"
    index.unlink() if damage is None else index.write_bytes(damage)
    learner, _ = trained(tmp_path / "run", epochs=3, resume=True)
    assert rows(learner.run) == [("1", "3.0"), ("2", "6.0"), ("3", "9.0")]


def test_resume_refuses_other_data_and_other_settings(tmp_path):
    trained(tmp_path / "run", epochs=1)
    with pytest.raises(InputError, match="--seed 7 with --resume; 0"):
        trained(tmp_path / "run", resume=True, seed=7)
    with pytest.raises(InputError, match=r"as when .* was started"):
        trained(tmp_path / "run", data="1" * 64, resume=True, epochs=2)


def test_what_was_good_is_finished_after_a_divergence_and_an_interruption(tmp_path):
    made = []

    def breaking(run):
        made.append(Counter(run, broken_epoch=2))
        return made[0]

    with pytest.raises(Diverged, match=r"epoch 2: a weight is not finite.*ckpt-1000000"):
        trained(tmp_path / "run", breaking, epochs=3)
    assert made[0].done == ["start", 3.0]  # the weights of the first epoch
    assert rows(tmp_path / "run") == [("1", "3.0")]


def test_nothing_is_finished_where_nothing_was_good(tmp_path):
    made = []

    def breaking(run):
        made.append(Counter(run, broken_epoch=1))
        return made[0]

    with pytest.raises(Diverged, match="none was saved yet"):
        trained(tmp_path / "run", breaking, epochs=3)
    assert made[0].done == ["start"]


def test_an_interrupted_run_is_finished_too(tmp_path, monkeypatch):
    made = []

    def make(run):
        made.append(Counter(run))
        return made[0]

    def interrupted(*_):
        raise Interrupted("stopped")

    monkeypatch.setattr("training.trainer.train_epochs", interrupted)
    with pytest.raises(Interrupted):
        trained(tmp_path / "run", make, epochs=3)
    assert made[0].done == ["start", 0.0]


def test_a_run_that_is_past_its_epochs_or_lost_its_checkpoints_is_refused(tmp_path):
    trained(tmp_path / "run", epochs=2)
    with pytest.raises(InputError, match="--epochs 1 with --resume; at least 2"):
        trained(tmp_path / "run", epochs=1, resume=True)
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    with pytest.raises(InputError, match="whose checkpoints are gone"):
        trained(tmp_path / "run", epochs=3, resume=True)
    assert len(rows(tmp_path / "run")) == 2
