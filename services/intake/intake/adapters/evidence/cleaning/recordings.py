"""Sound and films: their streams are packed anew, without tags, other tracks or anything else.

Nothing is decoded. Packing anew also proves that the container can be read to its end.
"""

import io
import re
from typing import Any

import av
from av.error import FFmpegError

from intake.adapters.evidence.cleaning.made import Cleaned, Unclean
from intake.adapters.evidence.cleaning.types import RECORDINGS

READERS = {"mp3": "mp3", "mp4": "mov", "ogg": "ogg", "wav": "wav", "webm": "matroska"}
TRACKS = {"video": 1, "audio": 2}
"""How many of each a recording may have; what else there is (positions, titles) is left out."""
_ISO6709 = re.compile(r"^([+-]\d{1,2}\.\d+)([+-]\d{1,3}\.\d+)")


def clean_recording(data: bytes, format_: str) -> Cleaned:
    """Sound or film, by what tracks it has; raises Unclean where its type says the other."""
    container = RECORDINGS[format_]
    try:
        with av.open(io.BytesIO(data), format=READERS[container], metadata_errors="ignore") as file:
            streams = _streams(file)
            film = any(stream.type == "video" for stream in streams)
            _check_kind(film, format_)
            said = dict(file.metadata)
            packed = _packed(file, streams, container, film)
    except (FFmpegError, ValueError, EOFError) as error:
        raise _unreadable() from error
    return Cleaned(
        kind="film" if film else "sound",
        format=f"video/{container}" if film else _sound(format_),
        protected=packed,
        taken=said.get("creation_time"),
        place=_place(said),
    )


def _sound(format_: str) -> str:
    return format_.replace("video/", "audio/").replace("quicktime", "mp4")


def _streams(file: Any) -> list[Any]:
    """The sound and the pictures; a cover (``attached_pic``) is no film."""
    found: list[Any] = []
    for kind, most in TRACKS.items():
        mine = [s for s in file.streams if s.type == kind and not _is_cover(s)]
        found += mine[:most]
    if not found:
        raise _unreadable()
    return found


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _check_kind(film: bool, format_: str) -> None:
    if film and format_.startswith("audio/"):
        raise Unclean("type_mismatch", f"Content-Type says {format_}, the content is a film")


def _packed(file: Any, streams: list[Any], container: str, film: bool) -> bytes:
    out = io.BytesIO()
    written = "ipod" if container == "mp4" and not film else container
    with av.open(out, "w", format=written, options={"fflags": "+bitexact"}) as packed:
        tracks = {s.index: packed.add_stream_from_template(s) for s in streams}
        count = 0
        for packet in file.demux(streams):
            if packet.dts is None or packet.size == 0 or _is_rubbish(packet, container):
                continue
            if packet.is_corrupt:
                raise _unreadable()
            packet.stream = tracks[packet.stream.index]
            packed.mux(packet)
            count += 1
    if count == 0:
        raise _unreadable()
    return out.getvalue()


def _is_rubbish(packet: Any, container: str) -> bool:
    """An MP3 is frames and nothing around them: what does not begin as one is none."""
    if container != "mp3":
        return False
    head = bytes(packet)[:2]
    return len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0


def _place(said: dict[str, str]) -> tuple[float, float] | None:
    text = said.get("location") or said.get("com.apple.quicktime.location.ISO6709") or ""
    found = _ISO6709.match(text)
    return (float(found[2]), float(found[1])) if found else None


def _unreadable() -> Unclean:
    return Unclean("unreadable", "the recording is damaged or cut off: record or save it anew")
