"""The GAN benchmark compares like with like."""

import numpy as np
import pytest

from benchmarks.gan.benchmark import training_speed


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (100, 28, 28, 1), dtype=np.uint8)


@pytest.fixture
def both(images):
    """Both sides without dropout, PyTorch with a copy of the Keras weights."""
    pytest.importorskip("torch")
    from benchmarks.gan.ours import TensorflowGan
    from benchmarks.gan.pytorch import PytorchGan

    given = {"batch_size": 64, "dropout": 0.0}, {"images": images}
    ours, theirs = TensorflowGan(*given), PytorchGan(*given)
    copy_weights(ours.gan.generator, theirs.generator)
    copy_weights(ours.gan.discriminator, theirs.discriminator)
    return ours, theirs


def torch_values(network) -> list:
    """Weights and running statistics layer by layer, without the counters of batches."""
    return [value for value in network.state_dict().values() if value.dim()]


def keras_values(network) -> list[np.ndarray]:
    """The same, a Dense kernel turned round: PyTorch stores (out, in)."""
    values = [value for layer in network.layers for value in layer.get_weights()]
    return [np.ascontiguousarray(value.T) for value in values]


def copy_weights(keras_network, torch_network) -> None:
    import torch

    pairs = zip(torch_values(torch_network), keras_values(keras_network), strict=True)
    for target, source in pairs:
        assert target.shape == source.shape
        target.copy_(torch.from_numpy(source))


def assert_same_values(keras_network, torch_network) -> None:
    names = [name for name, value in torch_network.state_dict().items() if value.dim()]
    pairs = zip(keras_values(keras_network), torch_values(torch_network), strict=True)
    for name, (expected, value) in zip(names, pairs, strict=True):
        # Keras averages the biased variance of a batch, PyTorch the unbiased one: 64 / 63 of it.
        tolerance = {"rtol": 1e-3} if name.endswith("running_var") else {"rtol": 0, "atol": 1e-5}
        np.testing.assert_allclose(value.numpy(), expected, err_msg=name, **tolerance)


def test_same_weights_batches_and_noise_give_the_same_losses_and_updates(both):
    import tensorflow as tf
    import torch

    ours, theirs = both
    generator = np.random.default_rng(1)
    for step in range(1, 4):
        batch = generator.uniform(-1, 1, (64, 784)).astype(np.float32)
        noise = generator.normal(size=(64, 100)).astype(np.float32)
        # Keras adds epsilon before the bias correction of the second moment, PyTorch after it: at
        # a known step the one can be expressed by the other.
        for optimizer in (theirs.generator_optimizer, theirs.discriminator_optimizer):
            optimizer.param_groups[0]["eps"] = 1e-7 / np.sqrt(1 - 0.999**step)
        before = [value.clone() for value in torch_values(theirs.generator)]
        measured = ours.gan.train_step(tf.constant(batch), tf.constant(noise), None)
        loss_g, loss_d = theirs.train_step(torch.from_numpy(batch), torch.from_numpy(noise))
        assert float(measured["generator_loss"]) == pytest.approx(float(loss_g), abs=1e-5)
        assert float(measured["discriminator_loss"]) == pytest.approx(float(loss_d), abs=1e-5)
        assert_same_values(ours.gan.generator, theirs.generator)
        assert_same_values(ours.gan.discriminator, theirs.discriminator)
        moved = torch_values(theirs.generator)[0] - before[0]
        assert moved.abs().max() > 1e-4  # far more than the tolerance


def test_an_epoch_with_a_smaller_last_batch_on_both_sides(both):
    ours, theirs = both  # 100 images: a batch of 64, one of 36
    for side in both:
        answer = side.work()
        assert answer["units"] == 100
        measured = answer["measured"]
        assert 0.5 < measured["generator_loss"] < 1.0  # near ln 2 = 0.69
        assert 1.0 < measured["discriminator_loss"] < 2.5  # near 2 ln 2 = 1.39
    assert ours.gan.generator_optimizer.iterations == 2
    assert theirs.generator_optimizer.state[theirs.generator_weights[0]]["step"] == 2


def test_two_processes_work_in_turn(images):
    pytest.importorskip("torch")
    (name, measured), *others = training_speed(images, rounds=2, batch_size=64).items()
    assert name == "GAN training, epochs of 100 images in batches of 64" and not others
    assert measured["unit"] == "images" and list(measured["sides"]) == ["this project", "PyTorch"]
    for side in measured["sides"].values():
        assert list(side["measured"]) == ["generator_loss", "discriminator_loss"]
