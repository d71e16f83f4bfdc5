"""What the tests of the exhibits share: each is run once, and held against its words."""

import functools
import json

from chapter.errata.command import choose


@functools.cache
def exhibit_of(number):
    """The exhibit at seed 0, fit for what `errata --json` prints."""
    exhibit = choose(number)[0].exhibit(0)
    json.dumps([exhibit.defect, exhibit.cure], allow_nan=False)
    return exhibit


def both(number, measure):
    """(with the defect, without it)."""
    exhibit = exhibit_of(number)
    return exhibit.defect[measure], exhibit.cure[measure]


def shown(number):
    """What the entry says of how it shows, in one line."""
    return choose(number)[0].shows
