"""Images: decoded by Pillow, turned the right way up, and written again without anything but their pixels."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from procedures.uploads.kinds import GIF, JPEG, PNG, WEBP, Kind
from procedures.uploads.refusal import UploadRefused

MOST_PIXELS = 40_000_000  # a little more than any telephone's camera takes
_FORMATS = {"PNG": PNG, "JPEG": JPEG, "WEBP": WEBP, "GIF": GIF}
_NAMES = {kind: name for name, kind in _FORMATS.items()}
_WRITTEN: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "WEBP": {"quality": 88, "method": 4},
    "GIF": {},
}
_METADATA = {"exif", "xmp", "XML:com.adobe.xmp", "icc_profile", "comment", "photoshop"}
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
}
_ENDS = {PNG: b"IEND\xaeB`\x82", JPEG: b"\xff\xd9", GIF: b";"}


def kind_of_image(content: bytes) -> Kind | None:
    """The kind of image that a file's first bytes announce."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)


def rewritten(content: bytes, kind: Kind, name: str) -> bytes:
    """The image as a new file of the same kind that holds its pixels alone; UploadRefused when it is no sound image.

    Where, when and by whom it was taken, and whatever else the file carried, is left behind.
    """
    with _opened(content, kind, name) as image:
        upright = ImageOps.exif_transpose(image)
        bare = _bare(upright)
        output = BytesIO()
        bare.save(output, _NAMES[kind], **_WRITTEN[_NAMES[kind]])
    return output.getvalue()


def refuse_unless_bare(content: bytes, kind: Kind, name: str) -> None:
    """UploadRefused unless the file is a sound image and holds nothing else, as those are that `rewritten` makes."""
    with _opened(content, kind, name) as image:
        has_more = bool(_METADATA & set(image.info)) or bool(getattr(image, "text", None)) or bool(image.getexif())
    ends_well = (
        content.endswith(_ENDS[kind]) if kind in _ENDS else int.from_bytes(content[4:8], "little") + 8 == len(content)
    )
    if has_more or not ends_well:
        raise UploadRefused(
            f"“{name}” holds more than a picture, such as where it was taken. Save it again without such information."
        )


@contextmanager
def _opened(content: bytes, kind: Kind, name: str) -> Iterator[Image.Image]:
    """The decoded image. How many pixels it has is read from its header, before any of them takes up memory."""
    unsound = UploadRefused(
        f"“{name}” is no {kind.label} that can be read. Open it, save it again as {kind.label.split()[0]}, "
        "and choose it again."
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels, which are counted here, and of damage, which is refused
            Image.open(BytesIO(content), formats=[_NAMES[kind]]).verify()
            image = Image.open(BytesIO(content), formats=[_NAMES[kind]])
            _refuse_too_many_pixels(image, name)
            if getattr(image, "n_frames", 1) > 1:
                raise UploadRefused(f"“{name}” moves. Save one of its pictures as PNG, and choose that.")
            image.load()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name) from error
    except UploadRefused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:
        raise unsound from error
    with image:
        yield image


def _refuse_too_many_pixels(image: Image.Image, name: str) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels(name, f"{image.width:,} × {image.height:,}")


def _too_many_pixels(name: str, size: str = "") -> UploadRefused:
    has = f"has {size} pixels" if size else "has far too many pixels"
    return UploadRefused(f"“{name}” {has}; the most is {MOST_PIXELS / 1e6:.0f} million. Make the picture smaller.")


def _bare(image: Image.Image) -> Image.Image:
    """The pixels in a new image, with colours as any browser shows them."""
    has_transparency = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if has_transparency else "L" if image.mode in ("1", "L") else "RGB"
    bare = Image.new(mode, image.size)
    bare.paste(image.convert(mode))
    return bare
