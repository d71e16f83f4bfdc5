"""What tests of the folder tool share: made folders, recipes, and their contents as bytes."""

from pathlib import Path

import numpy as np
from PIL import Image

TURNING = """
schema = 1
name = "turning"
version = "1.0"
[[steps]]
transform = "rotate90"
[[steps]]
transform = "horizontal_flip"
probability = 0.5
"""
TONES = """
schema = 1
name = "tones"
version = "1.0"
[[steps]]
transform = "brightness"
[[steps]]
transform = "gaussian_noise"
probability = 0.5
"""
COLOURS = """
schema = 1
name = "colours"
[[steps]]
transform = "saturation"
"""
MIXED = """
schema = 1
name = "mixed"
[mixing]
transform = "mixup"
"""


def written(path: Path, text: str) -> str:
    """A recipe in a file, and the file's name."""
    path.write_text(text, encoding="utf-8")
    return str(path)


def made_image(seed: int, height: int, width: int, colour: bool) -> np.ndarray:
    shape = (height, width, 3) if colour else (height, width)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def made_folder(path: Path) -> Path:
    """Six images of two classes: grey and colour, of different sizes, PNG and JPEG."""
    names = ("cat/0.png", "cat/1.png", "cat/2.jpg", "cat/3.png", "dog/0.png", "dog/1.png")
    sizes = ((6, 9), (6, 9), (8, 8), (1, 1), (12, 5), (6, 9))
    for seed, (name, size) in enumerate(zip(names, sizes, strict=True)):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(made_image(seed, *size, colour=seed % 2 == 1)).save(path / name)
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Relative path -> bytes of every file, the hidden ones too."""
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def pixels(path: Path) -> np.ndarray:
    """uint8 (height, width) or (height, width, 3)."""
    with Image.open(path) as image:
        return np.array(image)
