"""Why evidence is not taken or not shown, each with its stable code."""

from service_kit.errors import CivicError, Refused

UNSUPPORTED = "JPEG, PNG, WebP and HEIC photos, MP3, M4A, OGG, WAV and WebM sound, MP4, MOV and \
WebM films, and PDF documents are taken"


class UnsupportedType(CivicError):
    """Not one of the kinds of file that are taken, or not the one that it was said to be."""

    status, code = 415, "unsupported_type"


class Unreadable(CivicError):
    """The file cannot be cleaned: damaged, cut off, encrypted, or made to do harm."""

    status, code = 422, "unreadable"


class EvidenceFull(Refused):
    """As much evidence as one report, or one task before or after the work, may have."""

    code = "evidence_full"


class Damaged(CivicError):
    """The store has lost it, or somebody has meddled with it."""

    code = "damaged"


class Gone(CivicError):
    """It was shown once and is no longer."""

    status, code = 410, "removed"
