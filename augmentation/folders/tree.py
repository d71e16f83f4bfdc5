"""Which files of a folder may be images, at any depth, in one fixed order."""

import dataclasses
import os
from pathlib import Path

from data.images.dataset import Change
from data.images.folder_layout import SPLIT_OF_FOLDER, shown_name
from foundation.errors import InputError

HELD_OUT = {name for name, split in SPLIT_OF_FOLDER.items() if split != "train"}


@dataclasses.dataclass(frozen=True)
class SourceFile:
    """A file that may be an image.

    Args:
      index: its place in the sorted list of all files; what is drawn for it depends on this.
      path: where it lies.
      name: its path inside the folder, with "/".
      augmented: False for what lies in a folder of held-out images.
    """

    index: int
    path: Path
    name: str
    augmented: bool

    @property
    def folder(self) -> str:
        """The folder it lies in, inside the whole folder; "" at the top."""
        return self.name.rpartition("/")[0]


@dataclasses.dataclass(frozen=True)
class Tree:
    """What a folder holds.

    Args:
      files: in a fixed order.
      leaves: the folders that hold no other folder; each must hold an image.
      changes: what was left out.
    """

    files: list[SourceFile]
    leaves: list[str]
    changes: list[Change]


def read_tree(root: Path) -> Tree:
    """Every regular file that is not hidden, sorted by its path.

    If `root` holds a folder `train` and also `test`, `validation` or `val`, what lies in those is
    held out, to test with, and must not be augmented.

    Raises: InputError if there is no such folder, no file in it, or a name that is no UTF-8.
    """
    if not root.is_dir():
        kind = "is a file" if root.exists() else "does not exist"
        raise InputError(f"{root} {kind}", "a folder of images", "check the path after folder:")
    paths, leaves, changes = _below(root, root, (root.resolve(),))
    if not paths:
        raise InputError(f"{root} holds no file", "images", "check the path after folder:")
    tops = {path.relative_to(root).parts[0] for path in paths if path.parent != root}
    held_out = HELD_OUT & tops if "train" in tops else set()
    files = []
    for index, path in enumerate(sorted(paths, key=lambda path: path.relative_to(root).parts)):
        name = path.relative_to(root).as_posix()
        if name != shown_name(path, root):
            raise InputError(
                f"{shown_name(path, root)}: a file name that is no UTF-8",
                "names that a manifest can hold",
                "rename the file",
            )
        files.append(SourceFile(index, path, name, name.split("/")[0] not in held_out))
    return Tree(files, sorted(leaves), changes)


def _below(
    folder: Path, root: Path, above: tuple[Path, ...]
) -> tuple[list[Path], list[str], list[Change]]:
    """Files, leaves and changes of a folder and all that is in it.

    `above` are the real paths of the folder and of those around it: a link to one of them would
    lead round in a circle.
    """
    files, leaves, changes, has_folders = [], [], [], False
    for name in sorted(os.listdir(folder)):
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir() and path.resolve() in above:
            reason = "a link to a folder around it"
            changes.append(Change(shown_name(path, root), "dropped", reason))
        elif path.is_dir():
            has_folders = True
            parts = _below(path, root, (*above, path.resolve()))
            for whole, part in zip((files, leaves, changes), parts, strict=True):
                whole += part
        elif path.is_file():
            files.append(path)
        else:  # a pipe would block whoever opens it
            reason = "not a regular file: a broken link, a pipe or a device"
            changes.append(Change(shown_name(path, root), "dropped", reason))
    if not has_folders:
        leaves.append(shown_name(folder, root) if folder != root else "")
    return files, leaves, changes
