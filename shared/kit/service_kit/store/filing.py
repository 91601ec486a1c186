"""How a batch is stored: one document, atomic on any server, with all its commits.

``_id`` is ``<writer>:<batch>``. ``keys`` says under what each commit is filed, in the order of
``commits``: ``id`` = ``<aggregate>:<version>``, the optimistic lock, and ``once`` =
``<handler>|<cause_id>``, the deduplication for ever. Both are unique over all documents. One pair
per commit, rather than two lists of strings: the embedded store also indexes a list as a whole.

The first commit of a thing whose id follows from its cause (``Work.fresh``) has no ``once``: the
same cause comes to the same ``id`` again, and finds its commit there. An entry in the embedded
store's index takes 26 microseconds, half of what a report's commits had.

``commits`` are JSON texts: nothing in them is asked for in a query, and a driver and a server that
go through every field of theirs take a quarter longer to insert a batch.
"""

from collections.abc import Container, Iterator, Sequence

import orjson

from service_kit.mongo import Document

ID, ONCE = "id", "once"
_BAR = "|"


def batch_id(writer: str, number: int) -> str:
    return f"{writer}:{number}"


def once(handler: str, cause: str) -> str:
    """Unambiguous, since handlers' names are fixed strings of ours and have no bar."""
    if _BAR in handler:
        raise ValueError(f"the handler's name {handler!r} has a bar")
    return f"{handler}{_BAR}{cause}"


def handler_and_cause(key: str) -> tuple[str, str]:
    handler, _, cause = key.partition(_BAR)
    return handler, cause


def key_of(commit: Document, by_id: Container[str] = ()) -> Document:
    """``by_id``: the ids of the commits that are filed under their id alone."""
    if commit["_id"] in by_id:
        return {ID: commit["_id"]}
    return {ID: commit["_id"], ONCE: once(commit["handler"], commit["cause_id"])}


def filed_under(commits: Sequence[Document], by_id: Container[str] = ()) -> Document:
    """The ids and keys of the document of these commits. ``by_id`` as in ``key_of``."""
    return {
        "_id": batch_id(commits[0]["writer"], commits[0]["batch"]),
        "keys": [key_of(commit, by_id) for commit in commits],
    }


def batch_document(
    commits: Sequence[Document], by_id: Container[str] = (), texts: Sequence[str] | None = None
) -> Document:
    """Of commits of one batch of one writer, each of another thing and cause; rows that are kept
    with it (``kept``) come beside. ``by_id`` as in ``key_of``; ``texts`` are the commits as JSON,
    where that is at hand."""
    if texts is None:
        texts = [orjson.dumps(commit).decode() for commit in commits]
    return {**filed_under(commits, by_id), "commits": list(texts)}


def commits_of(batch: Document) -> list[Document]:
    """As they were inserted; an empty one in the place of one that is no JSON object any longer."""
    return [_read(text) for text in batch["commits"]]


def picked(batch: Document, field: str, wanted: Container[str]) -> Iterator[tuple[str, Document]]:
    """The commits that are filed under wanted keys, each with its key."""
    for key, text in zip(batch["keys"], batch["commits"], strict=False):
        if key.get(field) in wanted:
            yield key[field], _read(text)


def _read(text: str | Document) -> Document:
    if not isinstance(text, str):
        return text  # by a version that stored them field by field
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
