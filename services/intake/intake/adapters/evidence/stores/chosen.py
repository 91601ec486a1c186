"""The store that the setting names."""

from intake.adapters.evidence.stores.gridfs import GridFsStore
from intake.adapters.evidence.stores.port import MediaStore
from service_kit.mongo import Database

GRIDFS, S3 = "gridfs", "s3://"


def store(setting: str, database: Database) -> MediaStore:
    """``gridfs``, or ``s3://bucket/prefix``."""
    if setting == GRIDFS:
        return GridFsStore(database)
    from intake.adapters.evidence.stores.s3 import S3MediaStore  # large: only who needs it

    return S3MediaStore(setting)
