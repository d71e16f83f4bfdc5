"""The errata of the GAN that are measured: the defect is there, and the cure cures."""

import math

import numpy as np
import pytest
import tensorflow as tf

from chapter.errata.gan.exchanged_order import objective, solve_max_min, solve_min_max
from chapter.errata.gan.sigmoid_into_logits import lowest_discriminator_loss
from chapter.errata.gan.unscaled_images import STEPS_UNSCALED
from gan.losses import discriminator_loss
from tests.chapter.errata.exhibits import both, exhibit_of

FLOOR = math.log(2) + math.log(1 + math.exp(-1))


def test_e1_sigmoid_into_logits():
    assert math.isclose(FLOOR, 1.0064, abs_tol=5e-5)
    floor, reachable = both("E1", "lowest possible discriminator loss")
    assert floor == pytest.approx(FLOOR, abs=1e-6) and reachable < 1e-6
    frozen_g, moving_g = both("E1", "generator loss in the last epoch")
    frozen_d, moving_d = both("E1", "discriminator loss in the last epoch")
    assert frozen_g == pytest.approx(math.log(2), abs=1e-3)
    assert frozen_d == pytest.approx(2 * math.log(2), abs=1e-3)
    assert abs(moving_g - math.log(2)) > 0.05 and abs(moving_d - 2 * math.log(2)) > 0.05
    still, moving = both("E1", "its change since the epoch before")
    assert still < 1e-3 < moving
    blind, seeing = both("E1", "share of real images called real")
    assert blind < 0.01 and seeing > 0.6
    lost, arriving = both("E1", "gradient that reaches a generated image")
    assert lost < 1e-3 and arriving > 0.1
    assert exhibit_of("E1").figure is not None


def test_the_floor_is_what_a_search_over_both_outputs_finds():
    grid = np.linspace(0, 1, 21)
    losses = [
        float(discriminator_loss(tf.constant([[real]]), tf.constant([[fake]])))
        for real in grid
        for fake in grid
    ]
    assert lowest_discriminator_loss(grid) == pytest.approx(min(losses), abs=1e-6)
    assert min(losses) == pytest.approx(FLOOR, abs=1e-6)


def test_e2_smaller_last_batch():
    real = both("E2", "real images in each step")
    assert real == ([64, 64, 64, 64, 24],) * 2
    assert both("E2", "fakes in each step") == ([64] * 5, [64, 64, 64, 64, 24])
    assert both("E2", "fakes for each real image in the last step") == (64 / 24, 1)
    assert both("E2", "losses finite (no crash)") == (True, True)


def test_e5_combined_model():
    assert both("E5", "discriminator's arrays that changed, of 6") == (0, 6)
    assert both("E5", "generator's arrays that changed, of 14") == (14, 14)
    said, here = both("E5", "what Keras says about it")
    assert "does not have any trainable weights" in said and here is None


def test_e6_neither_flat_nor_scaled():
    shape = "the discriminator takes the images in the shape they have"
    assert both("E6", shape) == (False, True)
    assert both("E6", "smallest value of a real image") == (0, -1)
    assert both("E6", "largest value of a real image") == (255, 1)
    assert both("E6", 'accuracy of the rule "a value above 1 means real"') == (1, 0.5)
    far_off, undecided = both("E6", "discriminator loss in the first step")
    assert far_off > 3 and undecided == pytest.approx(2 * math.log(2), abs=0.3)
    deceived, learning = both("E6", f"share of fakes called fake in step {STEPS_UNSCALED}")
    assert deceived < 0.5 < learning


def test_e8_exchanged_order():
    values = both("E8", "value of the game (-2 ln 2 = -1.3863)")
    assert values == pytest.approx((-2 * math.log(2),) * 2, abs=1e-9)
    assert both("E8", "generators that solve it, of 101") == (101, 1)
    any_share, share = both("E8", "share of A they draw (data: 0.7)")
    assert any_share == [0, 1] and share == pytest.approx([0.7, 0.7])
    weak, strong = both("E8", "generator's gradient while D(G(z)) = 0.01")
    assert weak == pytest.approx(0.01, rel=1e-4) and strong == pytest.approx(0.99, rel=1e-4)


def test_both_orders_of_the_game_against_brute_force():
    generators = np.linspace(0, 1, 101)[:, None, None]
    says = np.linspace(0.005, 0.995, 199)
    table = objective(generators, says[None, :, None], says[None, None, :])  # (G, D of A, D of B)
    assert solve_min_max()[0] == pytest.approx(table.max(axis=(1, 2)).min(), abs=1e-4)
    assert solve_max_min()[0] == pytest.approx(table.min(axis=0).max(), abs=1e-9)


def test_e9_no_labels():
    assert both("E9", "inputs of the generator") == (["noise"], ["noise", "labels"])
    assert both("E9", "of these with a label") == (0, 1000)
    assert exhibit_of("E9").figure is not None
    nothing, learned = both("E9", "accuracy on real digits, learned from them")
    assert nothing is None and learned > 0.6  # guessing: 0.1
    assert max(both("E9", "the same, learned from as many real images")) < 0.85
