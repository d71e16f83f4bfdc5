"""Which files of a folder may be images, of which split and class: told by the folders' names.

PATH/cat/a.png          one sub-folder a class; drawn 80/10/10 as train, validation, test
PATH/a.png              no sub-folders: no labels
PATH/train/cat/a.png    with PATH/test/ and PATH/validation/ (see WORDS): the user's own splits;
                        a missing one is a stratified tenth of train
"""

import dataclasses
import os
import re
from collections.abc import Iterator
from pathlib import Path

from data.images.dataset import Change
from foundation.errors import InputError

WORDS = {  # of folders, in any case, with or without "set" or the like: train_set, TestImages
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev", "eval", "evaluation"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
FILLING = r"[\W_]*(set|data|images|imgs|split)?[\W_]*$"
ODD = r"[\W\d_]|old|new|copy|backup|final|part"  # what makes train2017 or test_old of a word
PIECES = "[A-Z]?[a-z]+|[A-Z]+"  # of a name: trainA is of train and A
SKIPPED = ("__macosx", "@eadir", "annotations", "lost+found", "$recycle.bin", "__pycache__")
NOTES = (".txt", ".md", ".csv", ".tsv", ".xml", ".json", ".yaml", ".yml", ".html", ".pdf")
# What lies beside each other and is no class:
CONTAINERS = {"images", "image", "imgs", "img", "jpegimages", "pictures"}
BESIDE = {"labels", "label", "masks", "mask", "gt", "segmentationclass", "segmentationobject"}
MASKS = re.compile(r"(.+?)[ _-](mask|seg|segmentation|gt|label)[ _-]?\d*")


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
    masks: list[ImageFile]  # told by their names


def find_files(root: Path, mask_suffix: str | None = None) -> FolderLayout:
    """List a data set's files by split, class and name; hidden ones (.name) are passed over.

    Args:
      mask_suffix: how the names of masks end that lie among the images.

    Raises: InputError if there is no such folder or no file, if its sub-folders contradict each
      other, or if images lie deeper, or masks among them.
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
    shown = {name.casefold() for name in class_names}
    no_classes = CONTAINERS & shown if shown <= CONTAINERS | BESIDE else set()
    files, class_folders = [], []
    for split, folders in classes.items():
        for label, class_name in enumerate(class_names or ("",)):
            if class_name not in folders:
                continue  # this split has no image of this class
            nested, paths, irregular = _visible(folders[class_name], root)
            direct = list(filter(_may_be_image, paths))
            deeper = [path for folder in nested for path in _candidates(folder)]
            if (deeper and not direct) or class_name.casefold() in no_classes:
                raise _too_deep(root, direct or deeper)
            changes += irregular + _dropped(deeper, root, "deeper than a class folder")
            class_folders.append(folders[class_name])
            label = label if class_names else None
            files += [ImageFile(path, shown_name(path, root), split, label) for path in paths]
    masks = [file for file in files if mask_suffix and file.path.stem.endswith(mask_suffix)]
    files = [file for file in files if not (mask_suffix and file.path.stem.endswith(mask_suffix))]
    _refuse_masks(root, files)
    if not files:
        received = f"{root} holds no file in a place where images are looked for"
        expected = "image files, in one sub-folder a class or directly in the folder"
        raise InputError(received, expected, check_path)
    return FolderLayout(files, class_names, class_folders, changes, masks)


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
        none = f"{root}: none of {len(layout.files)} files is a readable image"
        why = f"({dropped[0].path}: {dropped[0].reason})"
        raise InputError(f"{none} {why}", "image files", "check the path after folder:")
    filled = {file.path.parent for file in kept}
    for folder in (each for each in layout.class_folders if each not in filled):
        inside = shown_name(folder, root) + "/"
        why = [f" ({each.path}: {each.reason})" for each in dropped if each.path.startswith(inside)]
        none = f"folder {inside} holds no readable image{''.join(why[:1])}"
        raise InputError(none, "at least one image in every folder", "add images or remove it")


def shown_name(path: Path, root: Path) -> str:
    """`path` inside `root` with "/", always printable: bytes that are no UTF-8 become a sign."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "replace")


def split_of(name: str) -> str | None:
    """The split that a folder's name stands for: "Valid" and "val_set" for "validation"."""
    return WORDS.get(re.sub(FILLING, "", name.casefold()))


def _split_folders(root: Path) -> tuple[dict[str, Path], list[Change]]:
    """Split -> its folder, {"": root} if the folder has no splits; and what lies beside them."""
    folders, files, irregular = _visible(root, root)
    found = [(split_of(folder.name), folder) for folder in folders]
    splits = {split: folder for split, folder in found if split}
    others = [folder.name for split, folder in found if not split]
    # Words of splits in other names: two different ones are no chance, nor is one with a number.
    words = {
        name: {WORDS.get(word.casefold()) for word in re.findall(PIECES, name)} - {None}
        for name in others
    }
    several = len(set().union(*words.values())) > 1
    odd = [name for name in others if re.sub(ODD, "", name.casefold()) in WORDS]
    odd += [name for name in others if several and words[name] and name not in odd]
    named = " and ".join(f"{folder.name}/" for split, folder in found if split)
    is_vehicle = named.casefold() == "train/" and others  # a class that is called "train"
    if not odd and (is_vehicle or not splits):
        return {"": root}, []
    if len(splits) + len(others) < len(found):
        raise InputError(f"{root} holds {named}", "one of them", "remove or rename the others")
    if others or "train" not in splits:
        also = f" and also {', '.join(map(repr, odd or others))}" if others else " without train/"
        expected = "classes, or the splits train/, validation/ and test/, of which train/ must be"
        mend = "rename the folder that is meant to be a split, move others away"
        raise InputError(f"{root} holds {named}{also}".replace("  and also", ""), expected, mend)
    splits = {split: splits[split] for split in WORDS.values() if split in splits}  # in order
    return splits, irregular + _dropped(files, root, "outside the split folders")


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
            received = f"{root}: {split} holds {what}, {first_split} does not"
            mend = "rename, move or remove the class folders that differ"
            raise InputError(received, "the same class folders in every split", mend)
    if all(name.isdecimal() for name in names):
        return tuple(sorted(names, key=lambda name: (int(name), name)))
    return tuple(sorted(names))


def _visible(folder: Path, root: Path) -> tuple[list[Path], list[Path], list[Change]]:
    """The sub-folders and the regular files of a folder, sorted; and what is neither.

    A folder in which nothing can be an image is passed over, and named; a split is not.
    """
    folders, files, left_out = [], [], []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        name = shown_name(path, root)
        if path.is_dir():
            if folder.resolve().is_relative_to(path.resolve()):
                left_out += _dropped([path], root, "a link to a folder around it")
            elif path.name.casefold() in SKIPPED:
                left_out.append(Change(name, "skipped", f"{name}/ is never a class"))
            elif not split_of(path.name) and next(_candidates(path), None) is None:
                left_out.append(Change(name, "skipped", f"{name}/ holds no images"))
            else:
                folders.append(path)
        elif path.is_file():
            files.append(path)
        else:  # a pipe would block whoever opens it
            reason = "not a regular file: a broken link, a pipe or a device"
            left_out += _dropped([path], root, reason)
    return folders, files, left_out


def _candidates(folder: Path) -> Iterator[Path]:
    """All files below a folder that may be images, in order."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each.casefold() not in SKIPPED)
        yield from filter(_may_be_image, (Path(place, name) for name in sorted(names)))


def _may_be_image(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() not in NOTES


def _too_deep(root: Path, paths: list[Path]) -> InputError:
    """The error for images that lie deeper; it names the first, and a path that works."""
    for place in reversed([place for place in paths[0].parents if root in place.parents]):
        try:
            find_files(place)
            break
        except InputError:
            continue
    first = f"the first {shown_name(paths[0], root)}"
    received = f"{root} holds {len(paths)} images deeper than in class folders, {first}"
    expected = "images in one sub-folder a class, or directly in the folder"
    return InputError(received, expected, f"try folder:{place}")


def _refuse_masks(root: Path, files: list[ImageFile]) -> None:
    """Raise InputError for 0_mask.png beside 0.png."""
    stems = {file.path.with_suffix("") for file in files}
    for file in files:
        found = MASKS.fullmatch(file.path.stem)
        if found and file.path.with_name(found[1]) in stems:
            received = f"{root}: {file.name} beside an image {found[1]}, as if it were its mask"
            mend = f"say --mask-suffix {file.path.stem[len(found[1]) :]}, or move or rename it"
            raise InputError(received, "images alone", mend)


def _dropped(paths: list[Path], root: Path, reason: str) -> list[Change]:
    return [Change(shown_name(path, root), "dropped", reason) for path in paths]
