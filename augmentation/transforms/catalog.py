"""All transforms: every module of this folder is imported, and so registers what it holds.

A new transform is one new file beside this one, or in a room.
"""

import importlib
import pkgutil

from augmentation import transforms
from augmentation.core.mixing import MIXINGS
from augmentation.core.transform import TRANSFORMS

for module in pkgutil.walk_packages(transforms.__path__, f"{transforms.__name__}."):
    importlib.import_module(module.name)

__all__ = ["MIXINGS", "TRANSFORMS"]
