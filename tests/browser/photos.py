"""Pictures of a street for the screenshots: a hole without its cover, and the cover back."""

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import FilePayload

from tests.support.evidence_files import jpeg

SIZE = (1200, 900)
ASPHALT, LINE, HOLE, COVER, RIM = "#6f7275", "#e6e2d4", "#17181a", "#4b4f53", "#9a9da0"
HOLE_BOX, KERB = (430, 430, 800, 640), 190


def taken(*, mended: bool) -> FilePayload:
    """The picture as a camera's file, to be chosen in a form."""
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": jpeg(street(mended=mended))}


def street(*, mended: bool) -> Image.Image:
    """Asphalt with a kerb and a line; in it the hole, or the cover."""
    grain = Image.effect_noise(SIZE, 22).convert("RGB")
    picture = Image.blend(Image.new("RGB", SIZE, ASPHALT), grain, 0.18)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], KERB), fill="#b9b3a6")
    pen.rectangle((0, KERB, SIZE[0], KERB + 26), fill="#8d887d")
    pen.polygon([(0, 800), (1200, 700), (1200, 745), (0, 850)], fill=LINE)
    pen.ellipse(HOLE_BOX, fill=COVER if mended else HOLE, outline=RIM, width=16)
    if mended:
        _pattern(pen)
    return picture.filter(ImageFilter.GaussianBlur(1.1))


def _pattern(pen: ImageDraw.ImageDraw) -> None:
    left, top, right, bottom = HOLE_BOX
    for n in range(1, 6):
        inset = n * 28
        box = (left + inset, top + inset * 0.57, right - inset, bottom - inset * 0.57)
        pen.ellipse(box, outline=RIM, width=4)
