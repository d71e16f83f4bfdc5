"""`run.py chapter`: every part of the chapter, one after the other, then OUT/report.html."""

import time

from chapter.page.config import ChapterSettings
from chapter.page.page import render_page
from chapter.page.parts.augmentation import augmentation_part
from chapter.page.parts.claims import claims_part
from chapter.page.parts.errata import errata_part
from chapter.page.parts.gan import gan_part
from chapter.page.parts.models import models_part
from chapter.page.parts.text import text_part
from chapter.page.section import Section
from foundation.files import claim_directory, write_json, write_text
from training.run_directory import describe_run, new_directory
from training.tensorflow_setup import retracing_allowed

TITLE = "Datasets and synthetic data generation"
LEAD = (
    "The examples of the chapter, run on this machine: what they draw, what they measure, and "
    "what had to be mended first."
)
LEAD_OF_SMOKE = (
    " This is the preset `smoke`: it proves that everything runs, and trains nothing long enough "
    "to be good. `python run.py chapter` without it takes minutes and draws digits."
)
# name of the part in the result -> function (out, settings) -> Section, in the order of the page
PARTS = {
    "gan": gan_part,
    "text": text_part,
    "augmentation": augmentation_part,
    "models": models_part,
    "claims": claims_part,
    "errata": errata_part,
}


def chapter(settings: ChapterSettings) -> dict:
    """Run all parts into one directory and write the report.

    Returns: {"out", "report", "seconds", "metrics": {part: its figures}}, also in OUT/report.json.
    Raises: InputError (the output directory is in use), Diverged, KeyboardInterrupt, OSError: the
      run ends there, and what the finished trainings wrote stays.
    """
    started = time.perf_counter()
    out = claim_directory(settings.out) if settings.out else new_directory("outputs", "chapter")
    with retracing_allowed():  # every run has networks of its own
        sections = {name: part(out, settings) for name, part in PARTS.items()}
    seconds = time.perf_counter() - started
    lead = LEAD + (LEAD_OF_SMOKE if settings.preset == "smoke" else "")
    page = render_page(TITLE, lead, list(sections.values()), footer(settings, sections, seconds))
    report = out / "report.html"
    write_text(report, page)
    result = {
        "out": str(out),
        "report": str(report),
        "seconds": round(seconds, 1),
        "metrics": {name: section.metrics for name, section in sections.items()},
    }
    write_json(out / "report.json", result)
    print(f"\nThe report is {report} ({len(page) / 1e6:.1f} MB, {seconds / 60:.1f} minutes).")
    print("Open it in a browser and look first at the two grids on top: one real, one synthetic.")
    return result


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
