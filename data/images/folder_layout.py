"""Which files of a folder may be images, of which split and class: told by the folders' names.

PATH/cat/a.png          one sub-folder a class; drawn 80/10/10 as train, validation, test
PATH/a.png              no sub-folders: no labels
PATH/train/cat/a.png    with PATH/test/ and PATH/validation/ (or val/): the user's own splits;
                        a missing one is a stratified tenth of train
"""

import dataclasses
import os
from pathlib import Path

from data.images.dataset import Change
from foundation.errors import InputError

FOLDERS_OF_SPLIT = {"train": ("train",), "validation": ("validation", "val"), "test": ("test",)}


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """A file that may be an image."""

    path: Path
    name: str  # its path inside the data set's folder, with "/"
    split: str  # "train", "validation", "test", or "" if the folder has no splits
    label: int | None  # index into the class names, None without classes


@dataclasses.dataclass(frozen=True)
class FolderLayout:
    """What a folder holds."""

    files: list[ImageFile]  # in a fixed order: by split, class and name
    class_names: tuple[str, ...]  # sorted; () without classes
    class_folders: list[Path]  # in which images were looked for; each must hold one
    changes: list[Change]  # what was left out


def find_files(root: Path) -> FolderLayout:
    """List a data set's files by split, class and name; hidden ones (.name) are passed over.

    Raises: InputError if there is no such folder or no file, or if its sub-folders contradict each
      other.
    """
    check_path = "check the path after folder:"
    if not root.is_dir():
        kind = "is a file" if root.exists() else "does not exist"
        raise InputError(f"{root} {kind}", "a folder of images", check_path)
    split_folders, changes = _split_folders(root)
    classes: dict[str, dict[str, Path]] = {}  # split -> class name, "" without -> folder
    for split, folder in split_folders.items():
        folders, outside, irregular = _visible(folder, root)
        if folders:
            changes += irregular + _dropped(outside, root, "outside the class folders")
        classes[split] = {shown_name(each, folder): each for each in folders} or {"": folder}
    class_names = _class_names(root, classes)
    files, class_folders = [], []
    for split, folders in classes.items():
        for label, class_name in enumerate(class_names or ("",)):
            if class_name not in folders:
                continue  # this split has no image of this class
            nested, paths, irregular = _visible(folders[class_name], root)
            changes += irregular + _dropped(nested, root, "a folder inside a class folder")
            class_folders.append(folders[class_name])
            files += [
                ImageFile(path, shown_name(path, root), split, label if class_names else None)
                for path in paths
            ]
    if not files:
        raise InputError(
            f"{root} holds no file in a place where images are looked for",
            "image files, in one sub-folder a class or directly in the folder",
            check_path,
        )
    return FolderLayout(files, class_names, class_folders, changes)


def check_something_left(
    root: Path, layout: FolderLayout, kept: list[ImageFile], changes: list[Change]
) -> None:
    """Refuse a folder, or a class folder, none of whose files is an image.

    Args:
      kept: the files of the layout that are images.
      changes: why the others are not.

    Raises: InputError.
    """
    dropped = [change for change in changes if change.action == "dropped"]
    if not kept:
        raise InputError(
            f"{root}: none of {len(layout.files)} files is a readable image "
            f"({dropped[0].path}: {dropped[0].reason})",
            "image files",
            "check the path after folder:",
        )
    filled = {file.path.parent for file in kept}
    for folder in (each for each in layout.class_folders if each not in filled):
        inside = shown_name(folder, root) + "/"
        why = [f" ({each.path}: {each.reason})" for each in dropped if each.path.startswith(inside)]
        raise InputError(
            f"folder {inside} holds no readable image{''.join(why[:1])}",
            "at least one image in every folder",
            "add images or remove the folder",
        )


def shown_name(path: Path, root: Path) -> str:
    """`path` inside `root` with "/", always printable: bytes that are no UTF-8 become a sign."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")


def _split_folders(root: Path) -> tuple[dict[str, Path], list[Change]]:
    """Split -> its folder, {"": root} if the folder has no splits; and what lies beside them."""
    folders, files, irregular = _visible(root, root)
    names = {folder.name for folder in folders}
    others = sorted(names - {name for known in FOLDERS_OF_SPLIT.values() for name in known})
    is_vehicle = others and "test" not in names  # a class among others that is called "train"
    if "train" not in names or is_vehicle:
        return {"": root}, []
    if others:
        raise InputError(
            f"{root} holds train/ and test/ and also {', '.join(map(repr, others))}",
            "either split folders or class folders",
            "move the others away",
        )
    if {"validation", "val"} <= names:
        raise InputError(f"{root} holds validation/ and val/", "one of them", "remove one")
    found = {
        split: root / name
        for split, known in FOLDERS_OF_SPLIT.items()
        for name in known
        if name in names
    }
    return found, irregular + _dropped(files, root, "outside the split folders")


def _class_names(root: Path, classes: dict[str, dict[str, Path]]) -> tuple[str, ...]:
    """The classes of all splits, checked against each other; () without classes.

    Names that are all numbers are sorted as numbers, so that "10" comes after "9".
    """
    first_split, *_ = classes
    names = set(classes[first_split]) - {""}
    for split, folders in classes.items():
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


def _visible(folder: Path, root: Path) -> tuple[list[Path], list[Path], list[Change]]:
    """The sub-folders and the regular files of a folder, sorted; and what is neither."""
    folders, files, irregular = [], [], []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if folder.resolve().is_relative_to(path.resolve()):
                irregular += _dropped([path], root, "a link to a folder around it")
            else:
                folders.append(path)
        elif path.is_file():
            files.append(path)
        else:  # a pipe would block whoever opens it
            reason = "not a regular file: a broken link, a pipe or a device"
            irregular += _dropped([path], root, reason)
    return folders, files, irregular


def _dropped(paths: list[Path], root: Path, reason: str) -> list[Change]:
    return [Change(shown_name(path, root), "dropped", reason) for path in paths]
