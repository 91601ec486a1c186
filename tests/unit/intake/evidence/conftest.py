"""Cleaning runs in a process of its own, where it sets Pillow's limits; here they are set back."""

import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def pillows_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
