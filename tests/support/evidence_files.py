"""Files for tests of evidence: photos with all that cameras write into them, recordings, PDFs,
and files that were made to do harm. Everything is made here; nothing is anybody's."""

import io
import random
import struct
import zlib
from typing import Any

import av
import numpy as np
import pikepdf
import pillow_heif
from PIL import ExifTags, Image, ImageDraw, PngImagePlugin

CANARY = "canary-in-the-photo"
PLACE = (113.612345, 34.712345)
"""Longitude and latitude in the EXIF of ``jpeg()``."""
TAKEN = "2026:01:05 09:05:00"


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with enough in it to be told from others."""
    dice = random.Random(seed)
    picture = Image.new("RGB", size, (dice.randrange(256), dice.randrange(256), 90))
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        across, down = dice.randrange(20, size[0] // 3), dice.randrange(20, size[1] // 3)
        colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
        draw = pen.ellipse if dice.random() < 0.5 else pen.rectangle
        draw((x, y, x + across, y + down), fill=colour)
    return picture


def exif(orientation: int = 1, taken: str = TAKEN) -> Image.Exif:
    """Where, when, by whom, and words: all that must not get out."""
    found = Image.Exif()
    found[ExifTags.Base.Artist] = CANARY
    found[ExifTags.Base.ImageDescription] = CANARY
    found[ExifTags.Base.Orientation] = orientation
    details = found.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    details[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    details[ExifTags.Base.UserComment] = b"ASCII\0\0\0" + CANARY.encode()
    place = found.get_ifd(ExifTags.IFD.GPSInfo)
    for value, side, numbers in (
        (ExifTags.GPS.GPSLongitude, "E", PLACE[0]),
        (ExifTags.GPS.GPSLatitude, "N", PLACE[1]),
    ):
        place[value] = _sexagesimal(numbers)
        place[value - 1] = side
    return found


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = (degrees % 1) * 60
    return float(int(degrees)), float(int(minutes)), round((minutes % 1) * 60, 4)


XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{CANARY}</a></x:xmpmeta>".encode()


def jpeg(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A photo as a telephone makes it."""
    out = io.BytesIO()
    given = {"exif": exif(), "xmp": XMP, "comment": CANARY, "quality": 90, **options}
    (picture or scene(1)).save(out, "JPEG", **given)
    return out.getvalue()


def png(picture: Image.Image | None = None) -> bytes:
    out, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY, zip=True)
    (picture or scene(1)).save(out, "PNG", pnginfo=notes, exif=exif())
    return out.getvalue()


def webp(picture: Image.Image | None = None) -> bytes:
    out = io.BytesIO()
    (picture or scene(1)).save(out, "WEBP", exif=exif(), xmp=XMP)
    return out.getvalue()


def heic(picture: Image.Image | None = None) -> bytes:
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    (picture or scene(1)).save(out, "HEIF", exif=exif(), quality=80)
    return out.getvalue()


def animation(frames: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [scene(n, (64, 64)) for n in range(frames)]
    first.save(out, "WEBP", save_all=True, append_images=rest, lossless=True)
    return out.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png_bomb(width: int, height: int) -> bytes:
    """Few bytes, many pixels: rows of zeros deflate to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packer, row = zlib.compressobj(9), bytes(1 + width * 3)
    rows = [packer.compress(row) for _ in range(height)]
    body = b"".join(rows) + packer.flush()
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_text_bomb(megabytes: int) -> bytes:
    """A small picture whose compressed note is huge."""
    note = b"Comment\0\0" + zlib.compress(bytes(megabytes * 1024 * 1024), 9)
    plain = png()
    after_header = 8 + 25
    return plain[:after_header] + _chunk(b"zTXt", note) + plain[after_header:]


def png_profile_bomb(megabytes: int) -> bytes:
    """The same with its colour profile."""
    profile = b"icc\0\0" + zlib.compress(bytes(megabytes * 1024 * 1024), 9)
    plain = png()
    after_header = 8 + 25
    return plain[:after_header] + _chunk(b"iCCP", profile) + plain[after_header:]


def recording(container: str, codec: str, tags: dict[str, str] | None = None) -> bytes:
    """A second of sound, or five frames of film."""
    out = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if container in ("mp4", "ipod", "mov") else {}
    with av.open(out, "w", format=container, options=options) as file:
        file.metadata.update(
            tags or {"title": CANARY, "comment": CANARY, "location": "+34.7+113.6/"}
        )
        stream: Any = file.add_stream(codec, rate=5 if _is_film(codec) else 48000)
        for frame in _frames(stream, codec):
            for packet in stream.encode(frame):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
    return out.getvalue()


def _is_film(codec: str) -> bool:
    return codec in ("mpeg4", "libvpx", "h264", "libx264")


def _frames(stream: Any, codec: str) -> list[Any]:
    if _is_film(codec):
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        return [av.VideoFrame(64, 64, "yuv420p") for _ in range(5)]
    form = "s16" if codec == "pcm_s16le" else "fltp"
    kind = np.int16 if form == "s16" else np.float32
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), kind), format=form, layout="mono")
    frame.sample_rate = 48000
    return [frame]


def pdf(**extra: Any) -> bytes:
    """One empty page with what a word processor says of its user; ``extra`` goes to the root."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Author"] = CANARY
        with document.open_metadata() as said:
            said["dc:creator"] = [CANARY]
        for key, value in extra.items():
            document.Root[f"/{key}"] = value
        document.save(out)
    return out.getvalue()
