"""One character through all layers: the model's own arithmetic, in blocks of its weights."""

import numpy as np
import pytest
import tensorflow as tf

from lstm_text.model import CharacterModel
from lstm_text.one_character import (
    COLUMNS,
    DEPTH,
    add,
    advance,
    blocks,
    logits,
    products,
    weights_of,
)


@pytest.mark.parametrize(
    ("vocabulary", "units", "layers", "tie_weights"),
    [(8, 6, 1, False), (8, 6, 3, True), (64, 16, 2, False), (COLUMNS * 2, DEPTH + 1, 2, True)],
)
def test_a_step_is_the_models_own(vocabulary, units, layers, tie_weights):
    model = CharacterModel(vocabulary, 5, units, layers, tie_weights)
    generator = np.random.default_rng(0)
    model.set_weights(
        [generator.normal(size=each.shape) / each.shape[0] ** 0.5 for each in model.get_weights()]
    )
    codes = generator.integers(0, vocabulary, (3, 10)).astype(np.int32)
    expected, last = model(tf.constant(codes), model.zero_state(3))
    weights, states = weights_of(model), [(tf.zeros((3, units)),) * 2] * layers
    for index in range(10):
        inputs = tf.gather(weights.inputs, codes[:, index])
        output, states = advance(inputs, states, weights)
        found = logits(output, weights)
        assert found.shape == (3, vocabulary)
        np.testing.assert_allclose(found, expected[:, index], atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(tf.stack([tf.stack(each) for each in states]), last, atol=1e-5)


@pytest.mark.parametrize("rows", [1, COLUMNS, DEPTH - 1, DEPTH, DEPTH + 1, 2 * DEPTH + 3])
@pytest.mark.parametrize("columns", [1, COLUMNS - 1, COLUMNS, COLUMNS + 1])
def test_the_products_of_the_blocks_add_up(rows, columns):
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(rows, columns)).astype(np.float32)
    values = generator.normal(size=(2, rows)).astype(np.float32)
    cut = blocks(tf.constant(matrix))
    assert len(cut) == -(-rows // DEPTH)
    assert all(len(block) <= DEPTH and block.shape[1] % COLUMNS == 0 for block in cut)
    np.testing.assert_array_equal(np.concatenate(cut)[:, :columns], matrix)
    found = add(products(tf.constant(values), cut), 0, columns)
    np.testing.assert_allclose(found, values @ matrix, rtol=1e-4, atol=1e-4)


def test_columns_are_added_in_the_order_of_the_list():
    """In float32 (1e8 + -1e8) + 1 is 1, and (1e8 + 1) + -1e8 is 0."""
    large, one = tf.constant([[7.0, 1e8, 7.0]]), tf.constant([[7.0, 1.0, 7.0]])
    assert add([large, -large, one], 1, 2).numpy().tolist() == [[1.0]]
    assert add([large, one, -large], 1, 2).numpy().tolist() == [[0.0]]


def test_nothing_is_added_to_a_product_that_is_used_whole():
    """XLA would begin the sum of one row's product with what is added to it."""
    for vocabulary in (COLUMNS - 1, COLUMNS, COLUMNS + 1):
        weights = weights_of(CharacterModel(vocabulary, 5, COLUMNS, 2, tie_weights=True))
        for matrix, bias in weights.head:
            assert all(block.shape[1] > bias.shape[0] for block in matrix)
