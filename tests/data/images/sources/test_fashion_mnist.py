"""Fashion-MNIST is checked before Keras, which checks nothing, reads it."""

import sys
import types

import numpy as np

from data.images.load import load_images
from data.images.sources import fashion_mnist


def test_the_files_are_verified_before_they_are_read(monkeypatch):
    calls = []
    images = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (10_100, 4, 4), np.uint8)
    labels = np.arange(10_100) % 10

    def get_file(name, origin, cache_subdir, file_hash):
        calls.append((name, file_hash))
        assert origin.startswith("https://")
        assert origin.endswith(name)

    def load_data():
        calls.append("read")
        return (images, labels), (255 - images[:50], labels[:50])

    keras = types.SimpleNamespace(
        utils=types.SimpleNamespace(get_file=get_file),
        datasets=types.SimpleNamespace(fashion_mnist=types.SimpleNamespace(load_data=load_data)),
    )
    monkeypatch.setitem(sys.modules, "keras", keras)
    dataset = load_images("fashion_mnist")
    files = [(f"{name}-ubyte.gz", sha256) for name, sha256 in fashion_mnist.SHA256.items()]
    assert calls == [*files, "read"] and len(files) == 4
    assert [len(split) for split in dataset.splits.values()] == [100, 10_000, 50]
    assert dataset.class_names[:2] == ("T-shirt/top", "Trouser")
