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
import threading
from collections.abc import Iterator

from foundation.errors import Diverged, InputError
from foundation.quiet import load_quietly
from foundation.settings import flag_name, is_list, value_type

# Command -> settings class, whose docstring says what the command does, and function.
COMMANDS = {
    "chapter": ("chapter.page.config:ChapterSettings", "chapter.page.command:chapter"),
    "fuse": ("evaluation.config:FuseSettings", "evaluation.fuse.command:fuse_files"),
    "claims": ("chapter.claims.config:ClaimsSettings", "chapter.claims.command:claims"),
    "errata": ("chapter.errata.config:ErrataSettings", "chapter.errata.command:errata"),
    "report": ("evaluation.config:RunsSettings", "evaluation.runs.report:compare_runs"),
    "benchmark": ("benchmarks.config:BenchmarkSettings", "benchmarks.command:benchmark"),
    "data list": ("data.config:ListSettings", "data.command:list_datasets"),
    "data inspect": ("data.config:InspectSettings", "data.command:inspect"),
    "data clean": ("data.config:CleanSettings", "data.command:clean"),
    "augment list": ("augmentation.config:ListSettings", "augmentation.listing:list_transforms"),
    "augment preview": ("augmentation.config:PreviewSettings", "augmentation.preview:preview"),
    "augment apply": ("augmentation.config:ApplySettings", "augmentation.folders.apply:apply"),
    "augment text": ("augmentation.config:TextSettings", "augmentation.texts.apply:apply"),
    "gan train": ("gan.config:GanSettings", "gan.train:train"),
    "gan generate": ("gan.config:GenerateSettings", "gan.generate:generate"),
    "gan evaluate": ("evaluation.config:GanEvaluateSettings", "evaluation.runs.evaluate:evaluate"),
    "text train": ("lstm_text.config:TextSettings", "lstm_text.train:train"),
    "text generate": ("lstm_text.config:GenerateSettings", "lstm_text.generate:generate"),
    "text evaluate": (
        "evaluation.config:TextEvaluateSettings",
        "evaluation.runs.evaluate:evaluate",
    ),
    "text utility": (
        "evaluation.config:TextUtilitySettings",
        "evaluation.runs.text_utility:utility",
    ),
    "baseline train": ("baselines.config:BaselineSettings", "baselines.train:train"),
    "baseline generate": ("baselines.config:GenerateSettings", "baselines.generate:generate"),
    "baseline evaluate": (
        "evaluation.config:BaselineEvaluateSettings",
        "evaluation.runs.evaluate:evaluate",
    ),
    "evaluate images": (
        "evaluation.config:ImagesEvaluateSettings",
        "evaluation.images.command:evaluate",
    ),
    "evaluate text": (
        "evaluation.config:TextsEvaluateSettings",
        "evaluation.texts.command:evaluate",
    ),
    "evaluate table": (
        "evaluation.config:TableEvaluateSettings",
        "evaluation.tables.command:evaluate",
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
    """Run one command and return the exit code; from a notebook or another thread, too."""
    arguments = list(arguments or ["chapter"])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a screen that cannot show a character
            stream.reconfigure(errors="backslashreplace")
    try:
        parsed = vars(build_parser().parse_args(arguments))
    except SystemExit as end:  # argparse's way out, which a notebook would take for a failure
        return end.code
    with as_a_program(arguments):
        return execute(parsed)


@contextlib.contextmanager
def as_a_program(arguments: list[str]) -> Iterator[None]:
    """In the block SIGTERM is as Ctrl-C (clean up, then 130), and sys.argv the command.

    Python lets the main thread alone say what a signal does.
    """
    words, in_main = sys.argv, threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGTERM, signal.default_int_handler) if in_main else None
    sys.argv = ["run.py", *arguments]
    try:
        yield
    finally:
        sys.argv = words
        if in_main:
            signal.signal(signal.SIGTERM, handler or signal.SIG_DFL)


def execute(parsed: dict) -> int:
    """Run the command of a parsed line; its exit code."""
    settings_path, function_path = COMMANDS[parsed.pop("command")]
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
        with contextlib.suppress(OSError):  # in a notebook it has no file
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
    for name, (settings_path, _) in COMMANDS.items():
        settings, (*group, verb) = load(settings_path), name.split()
        description = " ".join(settings.__doc__.split("\n\n")[0].split()).rstrip(".")
        command = groups["".join(group)].add_parser(
            verb, help=description, description=description, allow_abbrev=False
        )
        command.set_defaults(command=name)
        add_flags(command, settings)
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
            options["dest"] = field.name
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
