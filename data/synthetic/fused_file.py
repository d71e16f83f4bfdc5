"""A fused training set on disk: FILE.npz with the arrays, FILE.json with what was done.

FILE.npz   images, labels         the training set: real images, then synthetic ones
           source, index          where each comes from: number of its source, number in it
           source_names           name of source 0 (the real data), 1, ...
           class_names            name of each label
           validation_..., test_...  images and labels of the real data, as they were held out

`--data npz:FILE.npz` loads it again: it trains on `images` and is tested on real images only.
"""

from pathlib import Path

import numpy as np

from data.images.dataset import ImageDataset
from data.synthetic.fusion import Fused
from foundation.errors import InputError
from foundation.files import atomic_path, sha256_of_file, write_json


def check_file(path: str) -> Path:
    """The path, if both files can be written there.

    Raises: InputError if the suffix is not .npz, a file is in the way, or there is no directory.
    """
    file = Path(path)
    if file.suffix != ".npz":
        raise InputError(f"--out {path}", "a file name that ends in .npz", "add .npz")
    for each in (file, file.with_suffix(".json")):
        if each.exists():
            raise InputError(f"--out {path}: {each} exists", "a new file", "choose another name")
    return file


def save_fused(path: Path, fused: Fused, dataset: ImageDataset, report: dict) -> dict:
    """Write both files, each whole or not at all; the .json last, with the hash of the .npz.

    Args:
      path: of the .npz.
      fused: the training set.
      dataset: the real data: gives the held-out images and the names of the classes.
      report: for the .json, beside `fused.report`.

    Returns: the content of the .json.
    """
    arrays = {
        "images": fused.images,
        "source": fused.provenance.source,
        "index": fused.provenance.index,
        "source_names": np.array(fused.provenance.names),
        "validation_images": dataset.validation.images,
        "test_images": dataset.test.images,
    }
    if fused.labels is not None:
        arrays["labels"] = fused.labels
        arrays["validation_labels"] = dataset.validation.labels
        arrays["test_labels"] = dataset.test.labels
        arrays["class_names"] = np.array(dataset.class_names)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        np.savez_compressed(temporary, **arrays)
    content = {
        "file": path.name,
        "sha256": sha256_of_file(path),
        **report,
        "fusion": fused.report,
    }
    write_json(path.with_suffix(".json"), content)
    return content
