"""`run.py chapter`: every part of the chapter, one after the other, on one page that grows."""

import time
from collections.abc import Callable
from pathlib import Path

from chapter.page.config import ChapterSettings
from chapter.page.parts import augmentation, claims, data, errata, gan, models, text
from chapter.page.render import render_page
from chapter.page.section import Block, Paragraph, Section
from chapter.page.words import Words
from foundation.files import claim_directory, new_directory, write_json, write_text
from foundation.quiet import retracing_allowed
from training.run_directory import describe_run

SAY = Words("page")
NOT_YET = SAY("not_yet")
Part = Callable[[Path, ChapterSettings], Section]
# name of the part in the result -> its title and the part, in the order of the page, which is also
# that of the work: what takes seconds comes first
PARTS: dict[str, tuple[str, Part]] = {
    "data": (data.TITLE, data.data_part),
    "augmentation": (augmentation.TITLE, augmentation.augmentation_part),
    "gan": (gan.TITLE, gan.gan_part),
    "text": (text.TITLE, text.text_part),
    "models": (models.TITLE, models.models_part),
    "claims": (claims.TITLE, claims.claims_part),
    "errata": (errata.TITLE, errata.errata_part),
}
FIRST_LOOKS = ("gan", "text", "augmentation")  # on top of the page, in this order


def chapter(settings: ChapterSettings) -> dict:
    """Run all parts into one directory; write OUT/report.html before the first and after each.

    Returns: {"out", "report", "seconds", "cpu_seconds": part -> seconds of all threads, "metrics":
      {part: its figures}}, also in OUT/report.json.
    Raises: InputError (the output directory is in use), Diverged, KeyboardInterrupt, OSError: the
      run ends there, and what the finished parts wrote stays.
    """
    started = time.perf_counter()
    out = claim_directory(settings.out) if settings.out else new_directory("outputs", "chapter")
    report = out / "report.html"
    (out / "figures").mkdir()
    sections: dict[str, Section] = {}
    used: dict[str, float] = {}
    write_text(report, page(settings, sections, 0.0))
    print(f"The report is {report}: open it in a browser, and watch it grow part by part.")
    for name, (title, part) in PARTS.items():
        print(f"\n{title} (part {len(sections) + 1} of {len(PARTS)})", flush=True)
        before = time.process_time()
        with retracing_allowed():  # every run has networks of its own
            sections[name] = part(out, settings)
        used[name] = round(time.process_time() - before, 1)
        seconds = time.perf_counter() - started
        write_text(report, page(settings, sections, seconds))
    result = {
        "out": str(out),
        "report": str(report),
        "seconds": round(seconds, 1),
        "cpu_seconds": used,
        "metrics": {name: section.metrics for name, section in sections.items()},
    }
    write_json(out / "report.json", result)
    size = report.stat().st_size
    print(f"\nThe report is {report} ({size / 1e6:.1f} MB, {seconds / 60:.1f} minutes).")
    print("Open it in a browser and look first at the two grids on top: one real, one synthetic.")
    return result


def page(settings: ChapterSettings, sections: dict[str, Section], seconds: float) -> str:
    """The page with the parts that are there; the others say that they are not."""
    first_look: list[Block] = []
    for name in FIRST_LOOKS:
        first_look += sections[name].first_look if name in sections else ()
    return render_page(
        SAY("title"),
        SAY("lead", smoke=settings.preset == "smoke"),
        [
            sections.get(name, Section(title, (), (Paragraph(NOT_YET),)))
            for name, (title, _) in PARTS.items()
        ],
        first_look,
        footer(settings, sections, seconds),
        growing=len(sections) < len(PARTS),
    )


def footer(
    settings: ChapterSettings, sections: dict[str, Section], seconds: float
) -> dict[str, str]:
    """How this page was made, enough to make it again."""
    hashes = {name: hash for section in sections.values() for name, hash in section.data.items()}
    made = describe_run(settings, "chapter", "")
    device = made["device"]
    return {
        "Command": f"`{made['command']}`",
        "Preset, seed": f"{settings.preset}, {settings.seed}",
        "Versions": ", ".join(f"{name} {version}" for name, version in made["versions"].items()),
        "Machine": f"{device['system']} {device['machine']}, {device['cpus']} CPUs, "
        f"{device['gpus']} GPUs",
        "Time": f"{seconds / 60:.1f} minutes",
        **{f"Data {name}": f"SHA-256 {hash}" for name, hash in hashes.items()},
    }
