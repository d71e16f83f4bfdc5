"""The shared parts of training on small, hand-made cases."""

import signal

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from foundation.errors import Diverged, InputError
from foundation.pictures import curves, image_grid, save_animation
from foundation.quiet import CHATTER, without_startup_chatter
from foundation.settings import LARGEST_SEED
from training.averages import Averages
from training.checkpoints import Checkpoints
from training.config import TrainSettings
from training.history import History, read_history
from training.interrupts import StopRequests
from training.run_directory import open_run, read_config
from training.seeds import DATA_ORDER, TRAINING_NOISE, epoch_order, normal_noise, stateless_seed


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
    resumed = History(tmp_path / "history.csv", last_epoch=2)
    resumed.append({"epoch": 3, "loss": 9.0})
    rows = read_history(tmp_path / "history.csv")
    assert rows == [
        {"epoch": 1, "loss": 0.1},
        {"epoch": 2, "loss": 0.2},
        {"epoch": 3, "loss": 9.0},
    ]
    assert read_history(tmp_path / "none.csv") == []


def test_checkpoints_keep_three_and_restore_the_newest(tmp_path):
    value = tf.Variable(0.0)
    checkpoints = Checkpoints(tmp_path, value=value)
    for epoch in range(1, 6):
        value.assign(float(epoch))
        checkpoints.save(epoch, 0, [value])
    assert len(list(tmp_path.glob("*.index"))) == 3
    restored = Checkpoints(tmp_path, value=value)
    value.assign(-1.0)
    restored.restore()
    assert (float(value), int(restored.epoch), int(restored.step)) == (5.0, 5, 0)


def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(tmp_path, capsys):
    value = tf.Variable(tf.zeros(1000))
    checkpoints = Checkpoints(tmp_path, value=value)
    for epoch in (1, 2):
        value.assign(tf.fill([1000], float(epoch)))
        checkpoints.save(epoch, 0, [value])
    newest = tmp_path / "ckpt-2000000.data-00000-of-00001"
    content = bytearray(newest.read_bytes())
    content[2000] ^= 255
    newest.write_bytes(content)
    value.assign(tf.zeros(1000))
    restored = Checkpoints(tmp_path, value=value)
    restored.restore()
    assert "ckpt-2000000 is damaged" in capsys.readouterr().err
    assert (float(value[0]), int(restored.epoch)) == (1.0, 1)


def test_no_readable_checkpoint_is_an_error(tmp_path):
    value = tf.Variable(tf.zeros(1000))
    Checkpoints(tmp_path, value=value).save(1, 0, [value])
    for path in tmp_path.glob("ckpt-*"):
        path.write_bytes(b"damaged")
    with pytest.raises(InputError, match="none of the 1 checkpoints"):
        Checkpoints(tmp_path, value=value).restore()


def test_what_a_killed_process_left_is_removed(tmp_path):
    (tmp_path / "ckpt-7_temp").mkdir()
    Checkpoints(tmp_path, value=tf.Variable(0.0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_broken_state_is_never_saved(tmp_path, value):
    variable = tf.Variable([1.0, value])
    checkpoints = Checkpoints(tmp_path, value=variable)
    with pytest.raises(Diverged, match="none was saved yet"):
        checkpoints.save(1, 0, [variable])
    assert checkpoints.latest is None
    with pytest.raises(Diverged, match="epoch 4: loss"):
        checkpoints.check({"loss": value}, [], 4)


def test_an_epochs_order_is_a_permutation_that_depends_on_seed_and_epoch():
    order = epoch_order(3, 5, 1000)
    assert sorted(order.tolist()) == list(range(1000))
    assert np.array_equal(order, epoch_order(3, 5, 1000))
    assert not np.array_equal(order, epoch_order(3, 6, 1000))
    assert not np.array_equal(order, epoch_order(4, 5, 1000))


def test_noise_is_a_function_of_seed_purpose_and_index():
    noise = normal_noise(1, TRAINING_NOISE, 2, (500, 20)).numpy()
    assert np.array_equal(noise, normal_noise(1, TRAINING_NOISE, tf.constant(2), (500, 20)))
    for other in ((2, TRAINING_NOISE, 2), (1, DATA_ORDER, 2), (1, TRAINING_NOISE, 3)):
        assert (
            abs(np.corrcoef(noise.ravel(), normal_noise(*other, (500, 20)).numpy().ravel())[0, 1])
            < 0.05
        )
    assert abs(noise.mean()) < 0.03 and abs(noise.std() - 1) < 0.03


def test_more_noise_starts_with_the_same_rows():
    few, many = (normal_noise(0, TRAINING_NOISE, 0, (rows, 100)).numpy() for rows in (10, 300))
    assert np.array_equal(few, many[:10])


def test_the_largest_seed_works_and_a_larger_one_is_refused():
    assert stateless_seed(LARGEST_SEED, 0, 0).shape == (2,)
    with pytest.raises(InputError, match="--seed 2147483648; a number of at least 0 and at most"):
        TrainSettings(seed=LARGEST_SEED + 1)


def test_first_signal_asks_second_interrupts_and_the_handler_comes_back():
    former = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), StopRequests() as stop:
        assert not stop.received
        signal.raise_signal(signal.SIGTERM)
        assert stop.received
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is former


def test_image_grid_lays_out_rows():
    images = np.zeros((3, 2, 2, 1), np.uint8)
    images[2] = 255
    picture = np.asarray(image_grid(images, columns=2, gap=1))
    assert picture.shape == (7, 7)
    assert np.all(picture[4:6, 1:3] == 255) and np.all(picture[1:3, 1:6:3] == 0)
    assert np.asarray(image_grid(np.zeros((3, 2, 2, 3), np.uint8), 3, scale=2)).shape == (8, 20, 3)


def test_image_grid_rejects_scaled_images_by_name():
    with pytest.raises(ValueError, match="images are float32"):
        image_grid(np.zeros((3, 2, 2, 1), np.float32), 2)


def test_an_animation_of_many_epochs_is_thinned(tmp_path):
    samples = []
    for index in range(100):
        samples.append(tmp_path / f"{index:03d}.png")
        Image.new("L", (8, 8), index * 2).save(samples[-1])
    save_animation(samples, tmp_path / "all.gif")
    with Image.open(tmp_path / "all.gif") as image:
        assert image.n_frames == 60
        image.seek(59)
        assert abs(image.convert("L").getpixel((0, 0)) - 198) <= 2


def test_curves_draw_levels_and_columns():
    rows = [{"epoch": 1, "a": 0.5}, {"epoch": 2, "a": 0.7}]
    figure = curves(rows, {"title": {"a": "a line", "0.6": "= level"}}, "how")
    lines = figure.axes[0].get_lines()
    assert lines[0].get_ydata().tolist() == [0.5, 0.7] and set(lines[1].get_ydata()) == {0.6}


def test_a_run_directory_in_use_is_refused(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(InputError, match="is not empty; a new or empty directory"):
        open_run(TrainSettings(out=str(tmp_path)), "gan", "0" * 64)


def test_a_run_of_another_kind_is_refused(tmp_path):
    run = open_run(TrainSettings(out=str(tmp_path / "run")), "gan-corrected", "0" * 64)
    assert read_config(run, "gan")["settings"]["seed"] == 0
    with pytest.raises(InputError, match="holds a run of gan; a run of text"):
        read_config(run, "text")
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


def test_startup_chatter_goes_and_errors_stay(capfd):
    import os

    with without_startup_chatter():
        os.write(2, b"I0000 00:00:1 1 port.cc:153] oneDNN custom operations are on.\n")
        os.write(2, b"E0000 00:00:1 1 cuda.cc:52] failed call to cuInit: UNKNOWN ERROR (303)\n")
        os.write(2, b"E0000 00:00:1 1 x.cc:9] a real error\n")
    assert capfd.readouterr().err == "E0000 00:00:1 1 x.cc:9] a real error\n"
    assert not CHATTER.match("Traceback (most recent call last):")
