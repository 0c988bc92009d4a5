"""What is taken and what is refused: by content, by name, and with what words."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from procedures.uploads.checking import LARGEST, check
from procedures.uploads.kinds import EXCEL, GIF, JPEG, PDF, PNG, WEBP, WORD
from procedures.uploads.refusal import UploadRefused
from tests.uploads import files

ODD = (
    "is no file that can be added, whatever its name says. Choose a PDF, Word (.docx) or Excel (.xlsx) file or an "
    "image (PNG, JPEG, WebP, GIF)."
)
NO_WORD = "is no Word or Excel file that can be read. Open it, save it again as .docx or .xlsx, and choose it again."
NO_PDF = "is no PDF that can be read: it is damaged or not whole. Save it again as PDF, and choose it again."
NO_PNG = "is no PNG image that can be read. Open it, save it again as PNG, and choose it again."
MACROS = "holds macros. Save it as .docx or .xlsx without macros, and choose that."
BOMB = "unpacks to far more than a document holds. Copy its text into a new file, and choose that."
OTHERS = "has other files inside it. Take them out, and add them as documents of their own."
ACTIVE = "holds a script or starts a program when it is opened. Print it to a new PDF, and choose that."
FETCHED = (
    "fetches a template or a part of itself from the internet when it is opened. Copy its text into a new file, "
    "and choose that."
)
TEMPLATE = (
    '<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'attachedTemplate" Target="https://example.org/evil.dotm" TargetMode="External"/></Relationships>'
)


def refusal(content: bytes, name: str, **options: bool) -> str:
    with pytest.raises(UploadRefused) as refused:
        check(content, name, **options)
    return str(refused.value)


@pytest.mark.parametrize(
    "content, name, kind",
    [
        (files.pdf(), "A leaflet.pdf", PDF),
        (files.pdf(), "A LEAFLET.PDF", PDF),
        (files.word(), "Form – v2 (final).docx", WORD),
        (files.excel(), "tool.xlsx", EXCEL),
        (files.word({"word/embeddings/chart.xlsx": "x"}), "form.docx", WORD),
        (files.picture("PNG"), "map.png", PNG),
        (files.picture("JPEG"), "map.jpg", JPEG),
        (files.picture("JPEG"), "map.jpeg", JPEG),
        (files.picture("WEBP"), "map.webp", WEBP),
        (files.picture("GIF"), "map.gif", GIF),
        (files.pdf(), "réunion.pdf", PDF),
    ],
)
def test_a_sound_file_of_every_kind_is_taken(content, name, kind):
    checked = check(content, name)

    assert (checked.kind, checked.name) == (kind, name)
    assert kind.is_image or checked.content == content


@pytest.mark.parametrize(
    "content, name, message",
    [
        (b"", "a.pdf", "“a.pdf” is empty. Choose another file."),
        (b"<?php system($_GET['c']); ?>", "photo.png", f"“photo.png” {ODD}"),
        (b"<html><script>alert(1)</script>", "a.pdf", f"“a.pdf” {ODD}"),
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "chart.svg",
            "“chart.svg” is an SVG drawing, which can hold scripts. Save it as PNG, and choose that.",
        ),
        (
            b"<svg onload=alert(1)>",
            "chart.png",
            "“chart.png” is an SVG drawing, which can hold scripts. Save it as PNG, and choose that.",
        ),
        (
            files.png_that_says(30_000, 30_000),
            "map.png",
            "“map.png” has far too many pixels; the most is 40 million. Make the picture smaller.",
        ),
        (
            files.png_that_says(8_000, 5_001),
            "map.png",
            "“map.png” has 8,000 × 5,001 pixels; the most is 40 million. Make the picture smaller.",
        ),
        (files.picture("PNG")[:-30], "map.png", f"“map.png” {NO_PNG}"),
        (b"\x89PNG\r\n\x1a\n<?php ?>", "map.png", f"“map.png” {NO_PNG}"),
        (
            files.picture("PNG"),
            "map.pdf",
            "“map.pdf” is a PNG image, but its name does not end in .png. Rename the file and choose it again.",
        ),
        (
            files.excel(),
            "tool.docx",
            "“tool.docx” is an Excel workbook, but its name does not end in .xlsx. "
            "Rename the file and choose it again.",
        ),
        (files.word(), "form.docm", "“form.docm” is a Word document, but its name does not end in .docx. "
                                    "Rename the file and choose it again."),
        (files.zip_bomb(), "form.docx", f"“form.docx” {NO_WORD}"),
        (files.word({"word/bomb.xml": b"\0" * 30_000_000}), "form.docx", f"“form.docx” {BOMB}"),
        (files.word({"word/vbaProject.bin": "x"}), "form.docx", f"“form.docx” {MACROS}"),
        (files.excel({"xl/macrosheets/sheet1.xml": "x"}), "tool.xlsx", f"“tool.xlsx” {MACROS}"),
        (files.word({"word/embeddings/oleObject1.bin": "MZ"}), "form.docx", f"“form.docx” {OTHERS}"),
        (files.word({"word/_rels/settings.xml.rels": TEMPLATE}), "form.docx", f"“form.docx” {FETCHED}"),
        (files.office("ppt/presentation.xml"), "talk.docx", f"“talk.docx” {NO_WORD}"),
        (files.word({"xl/workbook.xml": "x"}), "form.docx", f"“form.docx” {NO_WORD}"),
        (files.word({"word/../../etc/passwd": "x"}), "form.docx", f"“form.docx” {NO_WORD}"),
        (files.word({f"part{number}": "x" for number in range(2_001)}), "form.docx", f"“form.docx” {NO_WORD}"),
        (files.word({"WORD/Document.xml": "x"}), "form.docx", f"“form.docx” {NO_WORD}"),
        (files.word({"[Content_Types].xml": "macroEnabled"}), "form.docx", f"“form.docx” {MACROS}"),
        (files.word()[:-40], "form.docx", f"“form.docx” {NO_WORD}"),
        (b"PK\x03\x04 and no more", "form.docx", f"“form.docx” {NO_WORD}"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "form.doc",
            "“form.doc” is a file of an old kind (.doc, .xls). Open it, save it as .docx or .xlsx, and choose that.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "form.docx",
            "“form.docx” is protected by a password. Save it without, and choose it again.",
        ),
        (files.pdf_with("script"), "a.pdf", f"“a.pdf” {ACTIVE}"),
        (files.pdf_with_hidden_script(), "a.pdf", f"“a.pdf” {ACTIVE}"),
        (files.pdf_with("program"), "a.pdf", f"“a.pdf” {ACTIVE}"),
        (files.pdf_with("form"), "a.pdf", f"“a.pdf” {ACTIVE}"),
        (
            files.pdf_with("file"),
            "a.pdf",
            "“a.pdf” has other files inside it. Print it to a new PDF, and choose that.",
        ),
        (
            files.pdf_with("password"),
            "a.pdf",
            "“a.pdf” is protected by a password or against copying. Save it without protection.",
        ),
        (files.pdf()[:-20], "a.pdf", f"“a.pdf” {NO_PDF}"),
        (b"%PDF-1.7\n" + b"1 0 obj << /Kids " * 50 + b"\n%%EOF", "a.pdf", f"“a.pdf” {NO_PDF}"),
        (
            files.picture("GIF", save_all=True, append_images=[Image.new("RGB", (4, 2), "green")]),
            "a.gif",
            "“a.gif” moves. Save one of its pictures as PNG, and choose that.",
        ),
        (b"%PDF-" + b"x" * LARGEST, "a.pdf", "“a.pdf” has more; the most is 20 MB. Make it smaller, or split it."),
    ],
)  # fmt: skip
def test_what_is_no_plain_file_of_these_kinds_is_refused_with_a_sentence(content, name, message):
    assert refusal(content, name) == message


@pytest.mark.parametrize("name", ["../../etc/a.pdf", "..\\a.pdf", "C:\\Users\\a.pdf", "/a.pdf", "a/b.pdf"])
def test_a_name_with_a_folder_in_it_is_refused(name):
    assert refusal(files.pdf(), name) == (
        f"The file’s name, “{name}”, has a folder in it. Rename the file and choose it again."
    )


@pytest.mark.parametrize(
    "name, code",
    [
        ("invoice\u202efdp.png", "U+202E"),
        ("a\u2066b.png", "U+2066"),
        ("a\x00.png", "U+0000"),
        ("a\r\nb.png", "U+000D"),
        ("a\u200b.png", "U+200B"),
        ("a\x7f.png", "U+007F"),
    ],
)
def test_a_name_with_a_character_that_cannot_be_seen_is_refused(name, code):
    seen = "".join(character for character in name if character.isprintable())

    assert refusal(files.picture(), name) == (
        f"The file’s name, “{seen}”, has a character in it that cannot be seen ({code}), which can make a file look "
        "like another kind. Rename the file and choose it again."
    )


@pytest.mark.parametrize(
    "name, message",
    [
        ("", "The file has no name before its ending. Rename the file and choose it again."),
        (".pdf", "The file has no name before its ending. Rename the file and choose it again."),
        ("..", "The file has no name before its ending. Rename the file and choose it again."),
        ("a?.pdf", "The file’s name, “a?.pdf”, has “?” in it, which not every computer can save. "
                   "Rename the file and choose it again."),
        ("a" * 150 + ".pdf", "The file’s name has 154 characters; the most is 150. "
                             "Rename the file and choose it again."),
        ("a", "“a” is a PDF, but its name does not end in .pdf. Rename the file and choose it again."),
        ("pdf", "“pdf” is a PDF, but its name does not end in .pdf. Rename the file and choose it again."),
    ],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_refused(name, message):
    assert refusal(files.pdf(), name) == message


def test_where_only_pictures_go_other_files_are_refused():
    assert refusal(files.pdf(), "a.pdf", images_alone=True) == (
        "“a.pdf” is no image. Choose a PNG, JPEG, WebP or GIF; other files are added as documents."
    )


# --- Images -------------------------------------------------------------------------------------------------------


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def exif(orientation: int) -> Image.Exif:
    said = Image.Exif()
    said[0x0112], said[0x010E] = orientation, "The child’s home"
    return said


@pytest.mark.parametrize("name, ending", [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_keeps_its_pixels_the_right_way_up_and_nothing_else(name, ending):
    turned = files.picture(name, size=(40, 20), exif=exif(6), **({"lossless": True} if name == "WEBP" else {}))

    kept = check(turned, f"a.{ending}").content

    image = opened(kept)
    top, bottom = image.convert("RGB").getpixel((10, 4)), image.convert("RGB").getpixel((10, 36))
    assert (b"home" in turned, b"home" in kept, dict(image.getexif())) == (True, False, {})
    assert (image.size, top[0] > 200, bottom[2] > 200) == ((20, 40), True, True)


def test_what_follows_a_picture_in_its_file_is_left_behind():
    assert b"<?php" not in check(files.picture("PNG") + b"<?php ?>", "a.png").content


def test_a_comment_and_a_text_are_left_behind():
    said = PngInfo()
    said.add_text("Author", "<?php ?>")

    assert b"<?php" not in check(files.picture("PNG", pnginfo=said), "a.png").content
    assert b"<?php" not in check(files.picture("JPEG", comment="<?php ?>"), "a.jpg").content
    assert b"<?php" not in check(files.picture("GIF", comment=b"<?php ?>"), "a.gif").content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_a_picture_of_any_mode_is_taken(mode):
    content = files.picture("PNG", mode=mode) if mode != "I;16" else _grey_of_16_bits()

    assert opened(check(content, "a.png").content).size == (4, 2)


def _grey_of_16_bits() -> bytes:
    output = BytesIO()
    Image.new("I;16", (4, 2), 65_535).save(output, "PNG")
    return output.getvalue()


def test_white_of_16_bits_stays_white():
    assert opened(check(_grey_of_16_bits(), "a.png").content).getpixel((0, 0)) == 255


def test_what_is_see_through_stays_so():
    content = files.picture("PNG", mode="RGBA")
    clear = Image.new("RGBA", (4, 2), (0, 0, 0, 0))
    output = BytesIO()
    clear.save(output, "PNG")

    assert opened(check(output.getvalue(), "a.png").content).getpixel((0, 0))[3] == 0
    assert opened(check(content, "a.png").content).getpixel((0, 0)) == (255, 0, 0, 255)


def test_a_photograph_in_colours_for_print_is_taken():
    assert opened(check(files.picture("JPEG", mode="CMYK"), "a.jpg").content).mode == "RGB"


@pytest.mark.parametrize("name, ending", [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif")])
def test_a_picture_that_was_kept_is_taken_again_as_it_is(name, ending):
    kept = check(files.picture(name), f"a.{ending}").content

    assert check(kept, f"a.{ending}", rewrite=False).content == kept


@pytest.mark.parametrize(
    "content, name",
    [
        (files.picture("JPEG", exif=exif(1)), "a.jpg"),
        (files.picture("PNG", exif=exif(1)), "a.png"),
        (files.picture("WEBP", exif=exif(1)), "a.webp"),
        (files.picture("JPEG", comment="x"), "a.jpg"),
        (files.picture("GIF", comment=b"x"), "a.gif"),
        (files.picture("PNG") + b"x", "a.png"),
        (files.picture("JPEG") + b"x", "a.jpg"),
    ],
)
def test_a_picture_that_says_more_is_refused_where_it_is_to_stay_as_it_is(content, name):
    assert refusal(content, name, rewrite=False) == (
        f"“{name}” holds more than a picture, such as where it was taken. Save it again without such information."
    )
