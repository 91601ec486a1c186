"""duplicates: the rules for duplicates over a city's past requests."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from case_contracts.events.intake import DuplicateRule
from civicgrid.duplicates.measure import Measured, Pair, measure, named_by, recall
from civicgrid.duplicates.pieces import Asked, Piece, read_pieces
from civicgrid.show import console, errors, say, table
from service_kit.alike import DEFAULT_RULES

EXAMPLES, MOST_WORDS = 20, 60


def duplicates(
    config: Annotated[Path, typer.Argument(help="deploy/onboarding/boston.yaml, or your own.")],
    file: Annotated[
        Path | None, typer.Option(help="Requests to read instead of the configuration's.")
    ] = None,
    metres: Annotated[float | None, typer.Option(help="Rule for parts and events.")] = None,
    hours: Annotated[float | None, typer.Option(help="Rule for parts and events.")] = None,
    link_from: Annotated[
        float | None, typer.Option(min=0, max=1, help="Score from which the machine links.")
    ] = None,
    closed_after: Annotated[
        float | None, typer.Option(help="Hours after which a row without a closing is closed.")
    ] = None,
    named_in: Annotated[
        str | None, typer.Option(help="Column whose text names the duplicate's id.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="The configuration's ref_prefix.")] = "boston-",
    show: Annotated[list[str] | None, typer.Option(help="Columns for the sample.")] = None,
    sample: Annotated[Path | None, typer.Option(help="Write links for checking here.")] = None,
    size: Annotated[int, typer.Option(min=1, help="How many of them.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed draws the same.")] = 1,
) -> None:
    """How often the rules link or propose, with examples; what they find of the duplicates that
    the city itself names; a sample for checking by hand."""
    columns = tuple(dict.fromkeys([*([named_in] if named_in else []), *(show or [])]))
    after = timedelta(hours=closed_after) if closed_after else None
    with errors.status("reading ...") as shown:
        asked = Asked(config, file, columns, after)
        pieces = read_pieces(asked, lambda stage, done: shown.update(f"{stage} {done or ''}"))
        shown.update("comparing ...")
        measured = measure(pieces, rules_with(metres, hours, link_from))
    _show(measured, seed)
    if named_in:
        _show_recall(measured, named_by(pieces, columns.index(named_in), prefix))
    if sample is not None:
        _write(sample, measured.examples(size, seed), columns)
        say(f"{min(size, len(measured.linked))} links for checking are in {sample}")


def rules_with(
    metres: float | None, hours: float | None, link_from: float | None
) -> tuple[DuplicateRule, ...]:
    """The default rules, the last of them (parts and events) changed as asked."""
    given = {"metres": metres, "hours": hours, "link_from": link_from}
    change = {name: value for name, value in given.items() if value is not None}
    return (*DEFAULT_RULES[:-1], DEFAULT_RULES[-1].model_copy(update=change))


def _show(found: Measured, seed: int) -> None:
    rows = [
        ("rows 行", found.rows, ""),
        ("with a place 有位置", found.located, _share(found.located, found.rows)),
        ("linked 自动并案", len(found.linked), _share(len(found.linked), found.rows)),
        ("proposed 待人工判定", len(found.proposed), _share(len(found.proposed), found.rows)),
    ]
    console.print(table("duplicates 重复上报", ("what 项目", "count 数量#", "share 占比#"), rows))
    top = [(words, count) for words, count in found.by_words.most_common(10)]
    console.print(table("linked most 并案最多", ("matter 事项", "links 并案#"), top))
    columns = ("report 上报", "joins 并入", "matter 事项", "metres 米#", "hours 时#", "score 分#")
    examples = [_example(pair) for pair in found.examples(EXAMPLES, seed)]
    console.print(table(f"{len(examples)} examples 例", columns, examples))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _example(pair: Pair) -> tuple[str, ...]:
    assert pair.alike is not None
    return (
        pair.row.ref,
        pair.older.ref,
        pair.row.words[:MOST_WORDS],
        f"{pair.alike.metres:.0f}",
        f"{pair.alike.hours:.1f}",
        f"{pair.alike.score:.2f}",
    )


def _show_recall(measured: Measured, named: Sequence[Pair]) -> None:
    rows = []
    for name, same in (("all 全部", False), ("of one matter 同一事项", True)):
        found = recall(measured, named, same_matter=same)
        rows.append(
            (name, found.named, found.linked, _share(found.linked, found.named), found.seen,
             _share(found.seen, found.named))
        )  # fmt: skip
    columns = ("named by the city 市政注明", "pairs 对#", "linked 并案#", "recall 召回#",
               "or proposed 或待判定#", "recall 召回#")  # fmt: skip
    console.print(table("duplicates that the city names 市政注明的重复", columns, rows))


def _write(path: Path, pairs: Sequence[Pair], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        sides = [f"{column} ({side})" for side in ("report", "joins") for column in columns]
        writer.writerow(["report", "joins", "matter", "metres", "hours", "score", *sides])
        for pair in pairs:
            writer.writerow([*_example(pair), *_cells(pair.row), *_cells(pair.older)])


def _cells(piece: Piece) -> list[str]:
    return [" ".join(cell.split()) for cell in piece.cells]
