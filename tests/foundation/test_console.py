"""Figures are never cut or broken, on screens of any width and in files."""

import builtins

import pytest

from foundation.console import print_table

COLUMNS = ("metric", "synthetic", "real", "how to read it")
WORDS = "lower is better, down to about the figure of real images in the place of synthetic ones"
ROWS = [
    ("frechet_distance", "12.3456 ± 0.1", "-1572.2 [0.44, 0.57]", WORDS),
    ("类别", "1", "-", "[bold]no markup[/bold] :smile:"),
]


def printed(capsys, monkeypatch, width=None):
    if width:
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(width))
    print_table(COLUMNS, ROWS, words=COLUMNS[3:])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("shell", [None, "ZMQInteractiveShell"])
def test_in_a_file_a_row_is_a_line_without_colours(capsys, monkeypatch, shell):
    if shell:  # as a notebook's kernel has it
        monkeypatch.setattr(builtins, "get_ipython", type(shell, (), {}), raising=False)
        monkeypatch.setenv("FORCE_COLOR", "1")
    header, first, second = printed(capsys, monkeypatch)
    assert header.split("  ")[0] == "metric" and first.endswith(f"  -1572.2 [0.44, 0.57]  {WORDS}")
    assert second.endswith("-  [bold]no markup[/bold] :smile:") and "\x1b" not in header + second
    # Figures end where their column's name ends; wide letters take two places.
    end = header.index("synthetic") + len("synthetic")
    assert first[:end].endswith("12.3456 ± 0.1") and second[: end - 2].endswith(" 1")


@pytest.mark.parametrize("width", [100, 60, 20])
def test_on_a_narrow_screen_only_words_are_broken(capsys, monkeypatch, width):
    lines = printed(capsys, monkeypatch, width)
    text = "\n".join(lines)
    for figure in ("frechet_distance", "12.3456 ± 0.1", "-1572.2 [0.44, 0.57]"):
        assert figure in text, figure
    assert "…" not in text and len(lines) > 2
    assert " ".join(line.split("  ")[-1].strip() for line in lines[1:-1]) == WORDS
    assert max(map(len, lines)) <= max(width, 90)
