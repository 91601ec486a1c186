"""The vault's own secret, from which all keyed references come; and rotation of master keys.

It is made once per database, wrapped by the newest master key, and outlives every rotation.
"""

import asyncio
import os
from collections.abc import Sequence

import structlog

from service_kit.mongo import (
    UNKNOWN_OUTCOME,
    Collection,
    Database,
    Document,
    DuplicateKeyError,
    UpdateOne,
)
from service_kit.vault.keyring import KEY_BYTES, KeyRing, Wrapped

log = structlog.get_logger()
SECRET, ROTATED = "secret", "rotated"
KEYS = ("vault_keys",)
KEY = {"kid": 1, "wrapped": 1}
PAGE = 500


async def open_secret(database: Database, keyring: KeyRing) -> bytes:
    """The secret; made when the database has none. Of two that make it at once one wins."""
    meta = database["vault_meta"]
    found = await meta.find_one({"_id": SECRET})
    if found is None:
        made = {"_id": SECRET, **_wrapped(keyring, os.urandom(KEY_BYTES), SECRET)}
        try:
            await meta.insert_one(made)
        except DuplicateKeyError:
            log.info("vault_secret_made_elsewhere")
        found = await meta.find_one({"_id": SECRET})
        assert found is not None
    return keyring.unwrap(Wrapped(found["kid"], found["wrapped"]), SECRET)


async def rotate(database: Database, keyring: KeyRing, keys: Sequence[str] = KEYS) -> int:
    """Wrap every data key by the newest master key, once per new key; how many were. ``keys`` are
    the collections of documents with a ``wrapped`` data key, its ``kid`` and its owner as id.

    When it has ended, older master keys may be taken out of the setting.
    """
    meta = database["vault_meta"]
    noted = await meta.find_one({"_id": ROTATED})
    if noted is not None and noted["kid"] == keyring.current:
        return 0
    await _pass(meta, keyring, {"_id": SECRET, **_older(keyring)})
    count = 0
    for name in keys:
        while (wrapped := await _pass(database[name], keyring, _older(keyring))) > 0:
            count += wrapped
    await meta.replace_one({"_id": ROTATED}, {"_id": ROTATED, "kid": keyring.current}, upsert=True)
    log.info("vault_keys_rotated", count=count, kid=keyring.current)
    return count


async def keep_rotated(database: Database, keyring: KeyRing, keys: Sequence[str] = KEYS) -> None:
    """``rotate`` as soon as the store answers, then rest for ever: a service's background."""
    while True:
        try:
            await rotate(database, keyring, keys)
            break
        except UNKNOWN_OUTCOME:
            await asyncio.sleep(1)
    await asyncio.Event().wait()


def _older(keyring: KeyRing) -> Document:
    return {"kid": {"$nin": [keyring.current, None]}}


async def _pass(collection: Collection, keyring: KeyRing, query: Document) -> int:
    """Once through the collection, a page at a time; how many keys were wrapped anew."""
    count, page = 0, list[UpdateOne]()
    async for document in collection.find(query, KEY):
        page.append(_rewrapped(keyring, document))
        if len(page) == PAGE:
            count += await _save(collection, page)
            page = []
    return count + await _save(collection, page)


async def _save(collection: Collection, page: list[UpdateOne]) -> int:
    return (await collection.bulk_write(page, ordered=False)).modified_count if page else 0


def _rewrapped(keyring: KeyRing, document: Document) -> UpdateOne:
    """Only where the key is still as it was read: it may be erased meanwhile."""
    owner = document["_id"]
    key = keyring.unwrap(Wrapped(document["kid"], document["wrapped"]), owner)
    as_read = {"_id": owner, "kid": document["kid"]}
    return UpdateOne(as_read, {"$set": _wrapped(keyring, key, owner)})


def _wrapped(keyring: KeyRing, key: bytes, owner: str) -> Document:
    wrapped = keyring.wrap(key, owner)
    return {"kid": wrapped.kid, "wrapped": wrapped.sealed}
