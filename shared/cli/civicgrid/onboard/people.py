"""Departments with their charters, and invented post-holders."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from civicgrid.onboard.config import Departments
from civicgrid.onboard.grids import Territory
from civicgrid.onboard.learn import Learnt
from civicgrid.onboard.load import Source
from civicgrid.onboard.matters import Standard, label
from civicgrid.onboard.slugs import slugs


def departments(source: Source, learnt: Learnt) -> list[dict[str, Any]]:
    """Those of the department column by their words, then the listed ones."""
    config = source.config.departments
    if config is None:
        return []
    found = [
        {"department": code, "name": _name(source, config, word)}
        for word, code in _codes(learnt).items()
    ]
    listed = [
        {"department": one.department, "name": one.name.model_dump()} for one in config.listed
    ]
    return found + listed


def _codes(learnt: Learnt) -> dict[str, str]:
    return slugs(sorted({word for seen in learnt.matters.values() for word in seen}))


def _name(source: Source, config: Departments, word: str) -> dict[str, str]:
    named = config.names.get(word)
    return named.model_dump() if named else label(source, word)


def charters(source: Source, learnt: Learnt, made: Standard) -> list[dict[str, Any]]:
    """One entry for each department that leads, over the whole district."""
    config = source.config.departments
    if config is None:
        return []
    led = defaultdict[str, list[str]](list)
    codes = _codes(learnt)
    for key, code in made.codes.items():
        seen = learnt.matters[key]
        if seen:
            word = min(seen, key=lambda name: (-seen[name], name))
            led[codes[word]].append(code)
    for one in config.listed:
        led[one.department].extend(one.matters)
    root = source.config.grids.root.id
    return [_charter(config, name, matters, root) for name, matters in sorted(led.items())]


def _charter(config: Departments, department: str, matters: list[str], root: str) -> dict[str, Any]:
    return {
        "charter": f"charter:{department}:lead",
        "version": 1,
        "department": department,
        "matters": matters,
        "grid": root,
        "role": "lead",
        "powers": list(config.powers),
        "legal_basis": config.legal_basis,
        "approved_by": config.approved_by,
    }


def postings(source: Source, found: Territory) -> list[dict[str, Any]]:
    """The posts of the configuration in every grid of their level, each held by somebody else."""
    posts = [(grid, post) for post in source.config.posts for grid in found.of(post.level)]
    return [
        {
            "posting": f"posting:{grid}:{post.role}:{number}",
            "person": f"p-{number:06d}",
            "role": post.role,
            "grid": grid,
            "accountable": post.accountable,
            "shifts": list(post.shifts),
        }
        for number, (grid, post) in enumerate(posts, start=1)
    ]


def gaps(source: Source, found: Territory) -> Iterator[str]:
    """Levels in whose grids nobody is accountable."""
    covered = {post.level for post in source.config.posts if post.accountable}
    return (level for level in found.levels if level not in covered)
