"""How much a batch varies, by hand."""

import numpy as np

from gan.model import BatchDeviation


def test_batch_deviation_by_hand():
    features = np.array([[0.0, 2.0], [0.0, 4.0], [0.0, 6.0]], np.float32)
    deviation = np.sqrt(8 / 3) / 2  # units vary by 0 and by sqrt(8 / 3); their mean
    expected = np.c_[features, np.full(3, deviation)]
    np.testing.assert_allclose(BatchDeviation()(features), expected, atol=1e-4)
