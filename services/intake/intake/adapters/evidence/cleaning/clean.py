"""One file, whichever kind: checked by its content, then cleaned."""

from intake.adapters.evidence.cleaning import types
from intake.adapters.evidence.cleaning.made import Cleaned, Limits


def clean(data: bytes, declared: str, limits: Limits) -> Cleaned:
    """Raises Unclean. Only the decoder of the one type is loaded, so that nothing else runs."""
    format_ = types.agreed(data, declared)
    if format_ in types.PHOTOS:
        from intake.adapters.evidence.cleaning.photos import clean_photo

        return clean_photo(data, format_, limits)
    if format_ in types.RECORDINGS:
        from intake.adapters.evidence.cleaning.recordings import clean_recording

        return clean_recording(data, format_)
    from intake.adapters.evidence.cleaning.documents import clean_document

    return clean_document(data, limits)
