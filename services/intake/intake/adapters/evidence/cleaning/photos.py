"""Photos: rendered anew from their pixels, so that nothing else of the file remains."""

import io
import warnings
from typing import Any

import imagehash
import pillow_heif
from PIL import ExifTags, Image, ImageOps, ImageStat, UnidentifiedImageError

from intake.adapters.evidence.cleaning.made import Cleaned, Limits, Unclean
from intake.adapters.evidence.cleaning.types import PUBLIC_FORMAT

READERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}
WRITERS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "image/jpeg": ("image/jpeg", "JPEG", {"quality": 92}),
    "image/png": ("image/png", "PNG", {}),
    "image/webp": ("image/webp", "WEBP", {"quality": 92}),
    "image/heic": ("image/jpeg", "JPEG", {"quality": 92}),
}
PUBLIC = (PUBLIC_FORMAT, "JPEG", {"quality": 85})
FLAT = 4.0
"""Standard deviation of grey below which a picture (night, fog, a wall) looks like any other."""


def clean_photo(data: bytes, format_: str, limits: Limits) -> Cleaned:
    """Both copies; turned upright; the first frame where there are several."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a damaged note is none
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = _opened(data, READERS[format_], limits)
        try:
            said = _exif(picture)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
        except (OSError, ValueError, SyntaxError, TypeError, EOFError) as error:
            raise _unreadable() from error
    fresh = _pixels_only(upright)
    written, writer, options = WRITERS[format_]
    return Cleaned(
        kind="photo",
        format=written,
        protected=_saved(fresh, writer, options),
        public=_public(fresh, limits.edge),
        public_format=PUBLIC[0],
        fingerprint=fingerprint(fresh),
        taken=_taken(said),
        place=_place(said),
    )


def fingerprint(picture: Image.Image) -> str | None:
    """The perceptual hash, 64 bits in hex; None for a picture without enough to tell it by."""
    grey = picture.convert("L").resize((64, 64))
    if ImageStat.Stat(grey).stddev[0] < FLAT:
        return None
    return str(imagehash.phash(grey))


def _opened(data: bytes, reader: str, limits: Limits) -> Image.Image:
    """Only the header is read here: a bomb is found before it is unpacked (Pillow warns above its
    maximum, and a warning is an error here)."""
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        picture = Image.open(io.BytesIO(data), formats=[reader])
        frames = getattr(picture, "n_frames", 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many(limits) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _unreadable() from error
    if frames > limits.frames:
        raise Unclean("too_many_frames", f"an animation may have {limits.frames} frames")
    return picture


def _too_many(limits: Limits) -> Unclean:
    return Unclean("too_many_pixels", f"a photo may have {limits.pixels} pixels")


def _unreadable() -> Unclean:
    return Unclean("unreadable", "the picture is damaged or cut off: take or save it anew")


def _pixels_only(picture: Image.Image) -> Image.Image:
    """A new picture: profile, comment and all that the file said of itself stay behind."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    fresh = Image.new(mode, picture.size)
    fresh.paste(picture if picture.mode == mode else picture.convert(mode))
    return fresh


def _saved(picture: Image.Image, writer: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    if writer == "JPEG" and picture.mode != "RGB":
        picture = _on_white(picture)
    picture.save(out, writer, **options)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _public(picture: Image.Image, edge: int) -> bytes:
    small = picture.copy()
    small.thumbnail((edge, edge))
    return _saved(small, *PUBLIC[1:])


def _exif(picture: Image.Image) -> dict[int, Any]:
    """What the camera noted; nothing where its notes are damaged."""
    try:
        exif = picture.getexif()
        return {**exif.get_ifd(ExifTags.IFD.Exif), **exif.get_ifd(ExifTags.IFD.GPSInfo)}
    except Exception:  # a damaged note is none; Pillow raises whatever its bytes lead to
        return {}


def _taken(said: dict[int, Any]) -> str | None:
    """``2026:01:05 09:05:00`` and perhaps ``+08:00``, as ISO 8601."""
    at = said.get(ExifTags.Base.DateTimeOriginal)
    if not isinstance(at, str) or len(at) != len("2026:01:05 09:05:00"):
        return None
    zone = said.get(ExifTags.Base.OffsetTimeOriginal)
    return f"{at[:10].replace(':', '-')}T{at[11:]}{zone if isinstance(zone, str) else ''}"


def _place(said: dict[int, Any]) -> tuple[float, float] | None:
    try:
        lat = _degrees(said[ExifTags.GPS.GPSLatitude], said[ExifTags.GPS.GPSLatitudeRef], "S")
        lon = _degrees(said[ExifTags.GPS.GPSLongitude], said[ExifTags.GPS.GPSLongitudeRef], "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _degrees(parts: Any, side: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if side == negative else found
