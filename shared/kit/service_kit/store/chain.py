"""The hash chain of one aggregate: what an edit, a deletion, a reordering or a cut leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service_kit.mongo import Document
from service_kit.store.codec import digest


@dataclass(frozen=True)
class Break:
    """What is wrong with a chain, and at which version it shows."""

    version: int
    what: str


def chain_errors(
    documents: Sequence[Document], *, version: int | None = None, head: str | None = None
) -> list[str]:
    """What is wrong with an aggregate's commits, given in order of version; [] when whole."""
    return [each.what for each in chain_breaks(documents, version=version, head=head)]


def chain_breaks(
    documents: Sequence[Document], *, version: int | None = None, head: str | None = None
) -> list[Break]:
    """What is wrong with an aggregate's commits, given in order of version, and where.

    ``version`` and ``head`` are a version and its hash as somebody else remembers them (a view,
    another service): a chain alone cannot show that its end was cut off.
    """
    found: list[Break] = []
    expected, sequence, previous = 1, 0, ""
    for document in documents:
        try:
            found += _breaks_of(document, expected, previous, sequence)
            sequence += len(document["events"])
            expected, previous = document["version"] + 1, document["hash"]
        except (KeyError, TypeError, AttributeError):
            found.append(Break(expected, f"version {expected} cannot be read"))
            expected += 1
    return [*found, *_against_memory(documents, expected, version, head)]


def _against_memory(
    documents: Sequence[Document], expected: int, version: int | None, head: str | None
) -> Iterator[Break]:
    if version is None:
        return
    if version >= expected:
        what = f"ends at version {expected - 1}, but version {version} was known"
        yield Break(expected, what)
    hashes = {document.get("version"): document.get("hash") for document in documents}
    if head and version in hashes and hashes[version] != head:
        yield Break(version, f"version {version} is not the one that was known")


def _breaks_of(document: Document, version: int, previous: str, sequence: int) -> Iterator[Break]:
    found = document["version"]
    if found != version:
        yield Break(version, f"version {version} is missing: {found} follows")
    if document["_id"] != f"{document['aggregate']}:{found}":
        yield Break(version, f"{document['_id']} calls itself version {found}")
    if document["prev_hash"] != previous:
        yield Break(version, f"version {found} does not follow from the one before it")
    if digest(document) != document["hash"]:
        yield Break(version, f"version {found} was changed after it was written")
    numbers = [event["sequence"] for event in document["events"]]
    if found == version and numbers != [sequence + 1 + i for i in range(len(numbers))]:
        yield Break(version, f"version {found} counts its events {numbers}, after {sequence}")
