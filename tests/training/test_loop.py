"""The shared parts of training on small, hand-made cases."""

import signal

import numpy as np
import pytest
import tensorflow as tf

from foundation.errors import Diverged, InputError
from foundation.purposes import DATA_ORDER, TRAINING_NOISE
from foundation.settings import LARGEST_SEED
from training.averages import Averages
from training.checkpoints import Checkpoints
from training.config import TrainSettings
from training.loop import stop_requests
from training.run_directory import History, open_run, read_config, read_history
from training.seeds import epoch_order, normal_noise, stateless_seed


def test_averages_are_weighted_means():
    averages = Averages(("a", "b"))
    averages.update({"a": tf.constant(1.0), "b": tf.constant(4.0)}, weight=3)
    averages.update({"b": tf.constant(0.0), "a": tf.constant(5.0)}, weight=1)
    assert averages.result() == {"a": 2.0, "b": 3.0}
    averages.reset()
    assert np.isnan(averages.result()["a"])


def test_history_is_read_back_and_cut_at_the_checkpoint(tmp_path):
    history = History(tmp_path / "history.csv")
    for epoch in (1, 2, 3):
        history.append({"epoch": epoch, "loss": epoch / 10})
    History(tmp_path / "history.csv", last_epoch=2).append({"epoch": 3, "loss": 9.0})
    rows = read_history(tmp_path / "history.csv")
    assert rows == [{"epoch": epoch, "loss": loss} for epoch, loss in enumerate((0.1, 0.2, 9.0), 1)]
    assert read_history(tmp_path / "none.csv") == []


@pytest.fixture
def kept(tmp_path):
    """A variable, and checkpoints of it; those of a killed process are gone."""
    (tmp_path / "ckpt-7_temp").mkdir()
    value = tf.Variable(tf.zeros(1000))
    checkpoints = Checkpoints(tmp_path, value=value)
    assert list(tmp_path.iterdir()) == []
    return value, checkpoints


def restored(value, tmp_path) -> tuple[float, int, int]:
    """The first number, the epoch and the step that a new process would start from."""
    value.assign(tf.fill([1000], -1.0))
    checkpoints = Checkpoints(tmp_path, value=value)
    checkpoints.restore()
    return float(value[0]), int(checkpoints.epoch), int(checkpoints.step)


def test_three_checkpoints_are_kept_and_the_newest_whole_one_is_used(kept, tmp_path, capsys):
    value, checkpoints = kept
    for epoch in range(1, 6):
        value.assign(tf.fill([1000], float(epoch)))
        checkpoints.save(epoch, 0, [value])
    assert len(list(tmp_path.glob("*.index"))) == 3
    assert restored(value, tmp_path) == (5.0, 5, 0)
    newest = tmp_path / "ckpt-5000000.data-00000-of-00001"
    content = bytearray(newest.read_bytes())
    content[2000] ^= 255
    newest.write_bytes(content)
    assert restored(value, tmp_path) == (4.0, 4, 0)
    assert "ckpt-5000000 is damaged" in capsys.readouterr().err
    for path in tmp_path.glob("ckpt-*"):
        path.write_bytes(b"damaged")
    with pytest.raises(InputError, match="none of the 3 checkpoints"):
        restored(value, tmp_path)


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_broken_state_is_never_saved(kept, broken):
    value, checkpoints = kept
    with pytest.raises(Diverged, match="epoch 4: loss"):
        checkpoints.check({"loss": broken}, [], 4)
    value[7].assign(broken)
    with pytest.raises(Diverged, match="a weight is not finite; none was saved yet"):
        checkpoints.save(1, 0, [value])
    assert checkpoints.latest is None


def test_an_epochs_order_is_a_permutation_that_depends_on_seed_and_epoch():
    order = epoch_order(3, 5, 1000)
    assert sorted(order.tolist()) == list(range(1000))
    assert np.array_equal(order, epoch_order(3, 5, 1000))
    for other in ((3, 6), (4, 5)):
        assert not np.array_equal(order, epoch_order(*other, 1000))


def test_noise_is_a_function_of_seed_purpose_and_index():
    noise = normal_noise(1, TRAINING_NOISE, 2, (500, 20)).numpy()
    assert np.array_equal(noise, normal_noise(1, TRAINING_NOISE, tf.constant(2), (500, 20)))
    for other in ((2, TRAINING_NOISE, 2), (1, DATA_ORDER, 2), (1, TRAINING_NOISE, 3)):
        others = normal_noise(*other, (500, 20)).numpy()
        assert abs(np.corrcoef(noise.ravel(), others.ravel())[0, 1]) < 0.05
    assert abs(noise.mean()) < 0.03 and abs(noise.std() - 1) < 0.03
    assert np.array_equal(noise[:10], normal_noise(1, TRAINING_NOISE, 2, (10, 20)))


def test_the_largest_seed_works_and_a_larger_one_is_refused():
    assert stateless_seed(LARGEST_SEED, 0, 0).shape == (2,)
    with pytest.raises(InputError, match="--seed 2147483648; a number of at least 0 and at most"):
        TrainSettings(seed=LARGEST_SEED + 1)


def test_first_signal_asks_second_interrupts_and_the_handler_comes_back():
    former = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), stop_requests() as received:
        assert not received
        signal.raise_signal(signal.SIGTERM)
        assert received == [signal.SIGTERM]
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is former


def test_a_run_of_another_kind_and_a_damaged_one_are_refused(tmp_path):
    run = open_run(TrainSettings(out=str(tmp_path / "run")), "gan-corrected", "0" * 64)
    assert read_config(run, "gan")["settings"]["seed"] == 0
    with pytest.raises(InputError, match="holds a run of gan; a run of text"):
        read_config(run, "text")
    with pytest.raises(InputError, match="is not empty; a new or empty directory"):
        open_run(TrainSettings(out=str(run)), "gan", "0" * 64)
    (run / "config.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        read_config(run, "gan")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"epochs": 0}, "--epochs 0; a number of at least 1"),
        ({"batch_size": -1}, "--batch-size -1"),
        ({"preset": "huge"}, "--preset huge"),
        ({"resume": True}, "--resume without --out"),
        ({"resume": True, "out": "/nonexistent"}, "no config.json there; a run directory"),
    ],
)
def test_wrong_settings_are_told_in_one_line(given, message):
    with pytest.raises(InputError, match=message) as caught:
        TrainSettings.resolve(given)
    assert "\n" not in str(caught.value)
