"""The pages a reader opens first: no link leads nowhere, and CI runs what is printed."""

import re
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page):
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_the_two_commands_stand_at_the_top_of_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```bash\n(.*?)```", text, flags=re.DOTALL)
    setup = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && "
    assert all(block.startswith(setup) and block.count("\n") == 1 for block in blocks[:2])
    assert blocks[0].endswith("python run.py\n") and blocks[1].endswith("-m pytest\n")


def test_both_languages_have_the_same_commands_links_and_pictures():
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    for pattern in (r"```bash\n(.*?)```", r"(?m)^#+ ", r"(?m)^\|", r"`(--\w[\w-]*)"):
        found = [re.findall(pattern, text, flags=re.DOTALL) for text in (english, chinese)]
        assert found[0] == found[1], pattern
    links = [sorted(re.findall(r"\]\(([^)]+)\)", text)[1:]) for text in (english, chinese)]
    assert links[0] == links[1]


def test_every_pin_is_exact():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in filter(lambda line: line and not line.startswith("#"), lines):
        assert re.fullmatch(r"[a-z0-9-]+==[\d.]+", line), line
