"""The only entry point: parses, calls one function, prints.

Every command is a settings dataclass and a function that takes it. The flags are made from the
fields of the dataclass; TensorFlow is imported only when the function is.
"""

import argparse
import contextlib
import dataclasses
import importlib
import json
import os
import signal
import sys

from foundation.errors import Diverged, InputError
from foundation.quiet import load_quietly
from foundation.settings import flag_name, is_list, value_type

# (group, verb): settings class, function, help. A group of "" is a command without a verb.
COMMANDS = {
    ("", "chapter"): (
        "chapter.page.config:ChapterSettings",
        "chapter.page.command:chapter",
        "run every example of the chapter and write OUT/report.html",
    ),
    ("", "fuse"): (
        "evaluation.config:FuseSettings",
        "evaluation.fuse.command:fuse_files",
        "mix real training images and synthetic ones into one training set",
    ),
    ("", "claims"): (
        "chapter.claims.config:ClaimsSettings",
        "chapter.claims.command:claims",
        "test what the chapter says of synthetic data",
    ),
    ("", "errata"): (
        "chapter.errata.config:ErrataSettings",
        "chapter.errata.command:errata",
        "show where the chapter errs, and what is done instead",
    ),
    ("", "report"): (
        "evaluation.config:RunsSettings",
        "evaluation.runs.report:compare_runs",
        "one table of evaluated runs, seeds as mean and spread",
    ),
    ("", "benchmark"): (
        "benchmarks.config:BenchmarkSettings",
        "benchmarks.command:benchmark",
        "measure speed side by side with what a user would pick instead",
    ),
    ("data", "list"): ("data.config:ListSettings", "data.command:list_datasets", "list data sets"),
    ("data", "inspect"): (
        "data.config:InspectSettings",
        "data.command:inspect",
        "counts, ranges, shapes, pictures",
    ),
    ("data", "clean"): (
        "data.config:CleanSettings",
        "data.command:clean",
        "write clean images and what was changed",
    ),
    ("augment", "list"): (
        "augmentation.config:ListSettings",
        "augmentation.listing:list_transforms",
        "name all transforms with their fields, and the shipped recipes",
    ),
    ("augment", "preview"): (
        "augmentation.config:PreviewSettings",
        "augmentation.preview:preview",
        "draw what every transform does, and a recipe on images of a data set",
    ),
    ("augment", "apply"): (
        "augmentation.config:ApplySettings",
        "augmentation.folders.apply:apply",
        "write an augmented copy of a folder of images, with a manifest",
    ),
    ("augment", "text"): (
        "augmentation.config:TextSettings",
        "augmentation.texts.apply:apply",
        "write augmented copies of a text, line by line, with a manifest",
    ),
    ("gan", "train"): ("gan.config:GanSettings", "gan.train:train", "train the chapter's GAN"),
    ("gan", "generate"): (
        "gan.config:GenerateSettings",
        "gan.generate:generate",
        "write images from a trained run",
    ),
    ("gan", "evaluate"): (
        "evaluation.config:GanEvaluateSettings",
        "evaluation.runs.evaluate:evaluate",
        "measure a trained run beside real against real",
    ),
    ("text", "train"): (
        "lstm_text.config:TextSettings",
        "lstm_text.train:train",
        "train the chapter's stacked LSTM",
    ),
    ("text", "generate"): (
        "lstm_text.config:GenerateSettings",
        "lstm_text.generate:generate",
        "write new text from a trained run",
    ),
    ("text", "evaluate"): (
        "evaluation.config:TextEvaluateSettings",
        "evaluation.runs.evaluate:evaluate",
        "measure a trained run beside an n-gram and human text",
    ),
    ("text", "utility"): (
        "evaluation.config:TextUtilitySettings",
        "evaluation.runs.text_utility:utility",
        "train on real text, on the run's text and on both, and compare",
    ),
    ("baseline", "train"): (
        "baselines.config:BaselineSettings",
        "baselines.train:train",
        "fit one of the chapter's other models",
    ),
    ("baseline", "generate"): (
        "baselines.config:GenerateSettings",
        "baselines.generate:generate",
        "write synthetic images, text, series or rows from a fitted run",
    ),
    ("baseline", "evaluate"): (
        "evaluation.config:BaselineEvaluateSettings",
        "evaluation.runs.evaluate:evaluate",
        "measure a fitted run beside real against real",
    ),
    ("evaluate", "images"): (
        "evaluation.config:ImagesEvaluateSettings",
        "evaluation.images.command:evaluate",
        "measure synthetic images of any origin beside real ones",
    ),
    ("evaluate", "text"): (
        "evaluation.config:TextsEvaluateSettings",
        "evaluation.texts.command:evaluate",
        "measure a synthetic text of any origin beside human text",
    ),
    ("evaluate", "table"): (
        "evaluation.config:TableEvaluateSettings",
        "evaluation.tables.command:evaluate",
        "measure synthetic rows of any origin beside real ones",
    ),
}
GROUPS = {
    "data": "data sets: list, look at, clean",
    "augment": "augmentation: list, look at, apply to a folder of images or a text",
    "gan": "the chapter's GAN: train, generate, evaluate",
    "text": "the chapter's character LSTM: train, generate, evaluate, use",
    "baseline": "the chapter's other models: train, generate, evaluate",
    "evaluate": "synthetic files of any origin, measured beside real ones",
}
EXIT_INPUT, EXIT_DIVERGED, EXIT_SYSTEM, EXIT_INTERRUPTED = 2, 3, 4, 130
EXIT_PIPE = 141  # as the shell counts a program that wrote to a closed pipe


def main(arguments: list[str]) -> int:
    """Run one command and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a screen that cannot show a character
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: clean up, then 130
    parsed = vars(build_parser().parse_args(arguments or ["chapter"]))
    settings_path, function_path, _ = COMMANDS[parsed.pop("command")]
    try:
        settings = load(settings_path).resolve(parsed)
        as_json = getattr(settings, "json", False)
        function = load_quietly(function_path)
        with contextlib.redirect_stdout(sys.stderr if as_json else sys.stdout):
            result = function(settings)
        if as_json:
            print(json.dumps(result, ensure_ascii=False, allow_nan=False))
        sys.stdout.flush()
    except InputError as error:
        return fail(error, EXIT_INPUT)
    except KeyboardInterrupt as error:
        return fail(str(error) or "interrupted", EXIT_INTERRUPTED, "")
    except BrokenPipeError:  # `run.py data list | head`: the reader has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_PIPE
    except OSError as error:
        expected = "free space or permission; mend it and try again"
        return fail(f"the system refused: {error}; {expected}", EXIT_SYSTEM)
    except Diverged as error:
        return fail(error, EXIT_DIVERGED)
    except Exception as error:
        if type(error).__name__ != "ResourceExhaustedError":  # TensorFlow's, a heavy import
            raise
        return fail("out of memory; free memory; try smaller --batch-size or images", EXIT_SYSTEM)
    return 0


def fail(error: object, code: int, label: str = "error: ") -> int:
    """Say in one line on stderr what went wrong."""
    print(label + " ".join(str(error).split()), file=sys.stderr)
    return code


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, from COMMANDS and the settings dataclasses."""
    title = "Datasets and synthetic data generation: the chapter, running."
    parser = Parser(prog="run.py", description=title, allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    groups = {"": commands}
    for name, description in GROUPS.items():
        group = commands.add_parser(name, help=description, description=description)
        groups[name] = group.add_subparsers(metavar="VERB", required=True)
    for (group, verb), (settings_path, _, description) in COMMANDS.items():
        command = groups[group].add_parser(
            verb, help=description, description=description, allow_abbrev=False
        )
        command.set_defaults(command=(group, verb))
        add_flags(command, load(settings_path))
    return parser


def add_flags(parser: argparse.ArgumentParser, settings_class: type) -> None:
    """One flag for each field; what the user does not give stays out of the result."""
    for field in sorted(dataclasses.fields(settings_class), key=lambda field: field.kw_only):
        description = field.metadata["help"].replace("%", "%%")
        required = field.default is dataclasses.MISSING
        if not required and field.default is not None and not isinstance(field.default, bool):
            description += f" (default {field.default})"
        choices, kind = field.metadata["choices"], value_type(field)
        options = {"help": description, "default": argparse.SUPPRESS}
        if field.metadata["positional"]:
            options |= {"choices": choices, "metavar": field.name.upper()}
            if is_list(field) or not required:
                options["nargs"] = "+" if is_list(field) else "?"
            parser.add_argument(field.name, **options)
        elif kind is bool:  # --no-... undoes what a preset sets
            options["action"] = argparse.BooleanOptionalAction
            parser.add_argument(flag_name(field.name), **options)
        else:
            metavar = "|".join(choices) if choices else {int: "N", float: "X", str: "TEXT"}[kind]
            options |= {"choices": choices, "metavar": metavar, "type": kind, "required": required}
            parser.add_argument(flag_name(field.name), **options)


class Parser(argparse.ArgumentParser):
    """argparse that fails like the rest of the program: one line, exit code 2."""

    def error(self, message: str):
        hint = f"see `{self.prog} --help`"
        self.exit(EXIT_INPUT, f"error: {message}; a command line as in the help; {hint}\n")


def load(path: str):
    """`package.module:name` -> the object."""
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
