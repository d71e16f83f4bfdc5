"""Which files of a folder may be images, of which split and class: told by the folders' names."""

import dataclasses
import os
from pathlib import Path

from data.images.dataset import Change
from foundation.errors import InputError

SPLITS = ("train", "validation", "test")
SPLIT_OF_FOLDER = {
    "train": "train",
    "validation": "validation",
    "val": "validation",
    "test": "test",
}


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """A file that may be an image.

    Args:
      path: where it lies.
      name: its path inside the data set's folder, with "/".
      split: "train", "validation", "test", or "" if the folder has no splits.
      label: index into the class names, None without classes.
    """

    path: Path
    name: str
    split: str
    label: int | None


@dataclasses.dataclass(frozen=True)
class FolderLayout:
    """What a folder holds.

    Args:
      files: in a fixed order: by split, class and name.
      class_names: sorted; () without classes.
      class_folders: every folder in which images were looked for; each must hold one.
      changes: what was left out.
    """

    files: list[ImageFile]
    class_names: tuple[str, ...]
    class_folders: list[Path]
    changes: list[Change]


@dataclasses.dataclass(frozen=True)
class ClassFolder:
    """One class of one split: its folder and the regular files in it."""

    path: Path
    files: list[Path]


def read_layout(root: Path) -> FolderLayout:
    """List a data set's files by split, class and name; hidden ones (.name) are passed over.

    Raises: InputError if there is no such folder, or if its sub-folders contradict each other.
    """
    if not root.is_dir():
        kind = "is a file" if root.exists() else "does not exist"
        raise InputError(f"{root} {kind}", "a folder of images", "check the path after folder:")
    changes: list[Change] = []
    split_folders = _split_folders(root, changes)
    contents = {
        split: _class_folders(root, folder, changes) for split, folder in split_folders.items()
    }
    class_names = _class_names(root, contents)
    files, class_folders = [], []
    for split, folders in contents.items():
        for label, class_name in enumerate(class_names or ("",)):
            folder = folders.get(class_name)
            if folder is None:
                continue  # this split has no image of this class
            class_folders.append(folder.path)
            files += [
                ImageFile(path, shown_name(path, root), split, label if class_names else None)
                for path in folder.files
            ]
    return FolderLayout(files, class_names, class_folders, changes)


def shown_name(path: Path, root: Path) -> str:
    """`path` inside `root` with "/", always printable: bytes that are no UTF-8 become a sign."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")


def _split_folders(root: Path, changes: list[Change]) -> dict[str, Path]:
    """Split -> its folder; {"": root} if the folder has no splits."""
    folders, files = _visible(root, root, [])
    names = {folder.name for folder in folders}
    others = sorted(names - set(SPLIT_OF_FOLDER))
    is_vehicle = others and "test" not in names  # a class among others that is called "train"
    if "train" not in names or is_vehicle:
        return {"": root}
    if others:
        raise InputError(
            f"{root} holds train/ and test/ and also {', '.join(map(repr, others))}",
            "either split folders or class folders",
            "move the others away",
        )
    if {"validation", "val"} <= names:
        raise InputError(f"{root} holds validation/ and val/", "one of them", "remove one")
    _visible(root, root, changes)
    changes += [
        Change(shown_name(file, root), "dropped", "outside the split folders") for file in files
    ]
    by_split = {SPLIT_OF_FOLDER[folder.name]: folder for folder in folders}
    return {split: by_split[split] for split in SPLITS if split in by_split}


def _class_folders(root: Path, folder: Path, changes: list[Change]) -> dict[str, ClassFolder]:
    """Class name -> its folder; {"": folder} if there are no class folders."""
    folders, files = _visible(folder, root, changes)
    if not folders:
        return {"": ClassFolder(folder, files)}
    changes += [
        Change(shown_name(file, root), "dropped", "outside the class folders") for file in files
    ]
    classes = {}
    for class_folder in folders:
        nested, files = _visible(class_folder, root, changes)
        classes[shown_name(class_folder, folder)] = ClassFolder(class_folder, files)
        changes += [
            Change(shown_name(inner, root), "dropped", "a folder inside a class folder")
            for inner in nested
        ]
    return classes


def _class_names(root: Path, contents: dict[str, dict[str, ClassFolder]]) -> tuple[str, ...]:
    """The classes of all splits, checked against each other; () without classes.

    Names that are all numbers are sorted as numbers, so that "10" comes after "9".
    """
    first_split, *_ = contents
    names = set(contents[first_split]) - {""}
    for split, folders in contents.items():
        strangers = sorted((set(folders) - {""}) - names)
        if strangers or bool(names) != bool(set(folders) - {""}):
            what = ", ".join(map(repr, strangers)) or "no class folder"
            raise InputError(
                f"{root / split} holds {what}, {root / first_split} does not",
                "the same class folders in every split",
                "rename, move or remove the class folders that differ",
            )
    if all(name.isdecimal() for name in names):
        return tuple(sorted(names, key=lambda name: (int(name), name)))
    return tuple(sorted(names))


def _visible(folder: Path, root: Path, changes: list[Change]) -> tuple[list[Path], list[Path]]:
    """The sub-folders and the regular files of a folder, sorted; the rest goes to `changes`."""
    folders, files = [], []
    for name in sorted(os.listdir(folder)):
        path = folder / name
        if name.startswith("."):
            continue
        if path.is_dir():
            if folder.resolve().is_relative_to(path.resolve()):
                reason = "a link to a folder around it"
                changes.append(Change(shown_name(path, root), "dropped", reason))
            else:
                folders.append(path)
        elif path.is_file():
            files.append(path)
        else:  # a pipe would block whoever opens it
            reason = "not a regular file: a broken link, a pipe or a device"
            changes.append(Change(shown_name(path, root), "dropped", reason))
    return folders, files
