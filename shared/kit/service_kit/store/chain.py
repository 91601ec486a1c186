"""The hash chain of one aggregate: what an edit, a deletion, a reordering or a cut leaves."""

from collections.abc import Sequence

from service_kit.mongo import Document
from service_kit.store.codec import digest


def chain_errors(
    documents: Sequence[Document], *, version: int | None = None, head: str | None = None
) -> list[str]:
    """What is wrong with an aggregate's commits, given in order of version; [] when whole.

    ``version`` and ``head`` are its last version and hash as somebody else remembers them (a
    view, another service): a chain alone cannot show that its end was cut off.
    """
    errors: list[str] = []
    expected, sequence, previous = 1, 0, ""
    for document in documents:
        errors += _errors_of(document, expected, previous, sequence)
        sequence += len(document["events"])
        expected, previous = document["version"] + 1, document["hash"]
    if version is not None and version >= expected:
        errors.append(f"ends at version {expected - 1}, but version {version} was known")
    if head and version == expected - 1 and head != previous:
        errors.append(f"version {version} is not the one that was known")
    return errors


def _errors_of(document: Document, version: int, previous: str, sequence: int) -> list[str]:
    found, errors = document["version"], []
    if found != version:
        errors.append(f"version {version} is missing: {found} follows")
    if document["_id"] != f"{document['aggregate']}:{found}":
        errors.append(f"{document['_id']} calls itself version {found}")
    if document["prev_hash"] != previous:
        errors.append(f"version {found} does not follow from the one before it")
    if digest(document) != document["hash"]:
        errors.append(f"version {found} was changed after it was written")
    numbers = [event["sequence"] for event in document["events"]]
    if found == version and numbers != [sequence + 1 + i for i in range(len(numbers))]:
        errors.append(f"version {found} counts its events {numbers}, after {sequence}")
    return errors
