"""Passages found by what they say: with a small model in real files, and its vectors in real ones."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client
from filelock import FileLock
from pytest_django import Settings

from procedures.models import FreshnessStamp
from procedures.search import keeping_up
from procedures.search.meaning import using
from procedures.search.meaning.files import what_is_missing
from procedures.search.meaning.learning import PORTION
from procedures.search.meaning.model import LIMIT, Model, Unusable
from tests import world
from tests.bench.meaning import put_together_minilm
from tests.search.conftest import TODAY, Ask
from tests.search.tiny_model import SUBJECTS, make_tiny_model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def model(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the model that the settings name; nothing is loaded or learned yet."""
    folder = make_tiny_model(tmp_path / "model")
    settings.SEARCH_MODEL = str(folder)
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(using, "_loaded", {})
    monkeypatch.setattr(keeping_up, "_learned", {})
    monkeypatch.setattr(keeping_up, "_rests_until", 0.0)
    return folder


@pytest.fixture
def drink(manual: None, model: Path) -> None:
    """One text about drunkenness, in which no other word for it stands."""
    world.publish("drink", number="1.6", title="Alcohol", body="Where drunkenness is seen, write it down.")


def vectors() -> set[int]:
    """The digests of the passages that have a vector."""
    meaning = using.load()
    assert meaning is not None
    return meaning.file.passages()


# --- The model --------------------------------------------------------------------------------------------------------


def test_a_vector_is_the_mean_of_a_texts_tokens_made_as_long_as_one(model: Path) -> None:
    found = Model(model).encode(["smacked yacht", "Sozzled sozzled intoxication", "yacht"])

    half = 0.5**0.5
    assert found == pytest.approx(np.array([[0, half, half, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))


def test_what_stands_behind_the_limit_is_not_read(model: Path) -> None:
    [found] = Model(model).encode(["yacht " * LIMIT + "smacked"])

    assert found == pytest.approx(np.array([0, 0, 1, 0]))


def test_many_texts_keep_their_order_whatever_their_lengths(model: Path) -> None:
    texts = ["yacht " * (1 + place % 7) + "smacked " * (place % 3) for place in range(50)]

    together, one_by_one = Model(model).encode(texts), [Model(model).encode([text])[0] for text in texts[:5]]

    assert together[:5] == pytest.approx(np.array(one_by_one))
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(50))


def test_no_texts_have_no_vectors(model: Path) -> None:
    assert len(Model(model).encode([])) == 0


@pytest.mark.parametrize("name", ["onnx/model.onnx", "model_quantized.onnx"])
def test_a_model_is_found_where_exports_put_it(tmp_path: Path, name: str) -> None:
    folder = make_tiny_model(tmp_path / "exported", name=name)

    assert (what_is_missing(folder), Model(folder).width) == ("", 4)


def test_another_model_has_another_digest(model: Path, tmp_path: Path) -> None:
    other = make_tiny_model(tmp_path / "other", subjects=[*SUBJECTS, ("new",)])

    assert Model(model).digest != Model(other).digest


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_model_that_is_cut_short_is_unusable(model: Path, name: str) -> None:
    (model / name).write_bytes((model / name).read_bytes()[:50])

    with pytest.raises(Unusable, match=f"^The sentence model in {model} cannot be used: "):
        Model(model)


# --- The setting ------------------------------------------------------------------------------------------------------


def refusal(**variables: str) -> str:
    """The last line of what a server says that does not start with these variables; "" where it starts."""
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "f" * 60, **variables}
    code = "import portal.settings, sys; print([name for name in sys.modules if name in ('numpy', 'onnxruntime')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode or done.stdout == "[]\n"
    return done.stderr.strip().rpartition("\n")[2].removeprefix("django.core.exceptions.ImproperlyConfigured: ")


def test_a_setting_that_names_no_model_stops_the_start(model: Path, tmp_path: Path) -> None:
    (model / "tokenizer.json").unlink()
    (tmp_path / "empty").mkdir()

    found = [refusal(SEARCH_MODEL=name) for name in ("models/small", str(tmp_path / "empty"), str(model))]

    assert found == [
        "SEARCH_MODEL is 'models/small'; "
        "it is the absolute path of a folder that holds a sentence model, or empty for none.",
        f"SEARCH_MODEL is '{tmp_path}/empty'; "
        "the folder holds no model.onnx or model_quantized.onnx, nor is one in its folder onnx.",
        f"SEARCH_MODEL is '{model}'; the folder holds no tokenizer.json.",
    ]


def test_a_missing_package_stops_the_start(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procedures.search.meaning.files.PACKAGES", ("numpy", "onnxruntime_of_tomorrow"))

    assert what_is_missing(model) == (
        "it needs what is not installed, onnxruntime_of_tomorrow: pip install -r docs/requirements-meaning.txt"
    )


def test_a_model_as_it_should_be_is_taken(model: Path) -> None:
    assert refusal(SEARCH_MODEL=str(model)) == ""


# --- What is found ----------------------------------------------------------------------------------------------------


def test_a_section_is_found_by_what_it_says(drink: None, ask: Ask) -> None:
    found = ask("sozzled")

    [hit] = found.hits
    assert (hit.section.slug, found.total, found.is_by_meaning_alone) == ("drink", 1, True)
    assert hit.reasons == (("found by meaning", 0.25),)
    assert hit.entry is not None and hit.entry.body == "Where drunkenness is seen, write it down."


def test_the_page_shows_its_opening_words_and_marks_none(drink: None, client: Client) -> None:
    page = client.get("/search/?q=sozzled").content.decode()

    assert "No text has these words. These passages may be about the same." in page
    assert "Where drunkenness is seen, write it down." in page
    assert "<mark>" not in page


def test_without_the_setting_it_is_not_found(drink: None, ask: Ask, settings: Settings) -> None:
    settings.SEARCH_MODEL = ""

    found = ask("sozzled")

    assert (found.total, found.awaits_meaning, list(using._loaded)) == (0, False, [])


def test_words_count_for_more(drink: None, ask: Ask) -> None:
    world.publish("slang", number="1.7", title="Slang", body="Some say sozzled.")

    assert ask.sections("sozzled") == ["slang", "drink"]


def test_a_section_with_both_gains_by_both(drink: None, ask: Ask) -> None:
    [hit] = ask("sozzled write").hits

    assert [reason for reason, _ in hit.reasons] == ["its best passage", "found by meaning"]


@pytest.mark.parametrize(
    "query", ['"sozzled"', '"some say" sozzled', "sozzled 1.9", "s47 sozzled", "sozzled -drunkenness"]
)
def test_what_words_say_exactly_is_found_by_words_alone(drink: None, ask: Ask, query: str) -> None:
    world.publish("slang", number="1.7", title="Slang", body="Some say sozzled.")

    assert "drink" not in ask.sections(query)


def test_an_unwanted_word_elsewhere_keeps_nothing_out(drink: None, ask: Ask) -> None:
    assert ask.sections("sozzled -yacht") == ["drink"]


def test_a_single_term_of_the_glossary_is_found_by_words_alone(drink: None, ask: Ask) -> None:
    world.make_term("Sozzled", by="heartland", meaning="")

    assert "drink" not in ask.sections("sozzled")


def test_what_is_about_something_else_is_not_found(drink: None, ask: Ask) -> None:
    assert (ask.sections("mooring"), ask.sections("qwertyuiop")) == ([], [])


# --- Who sees it ------------------------------------------------------------------------------------------------------


@pytest.fixture
def local_drink(manual: None, model: Path) -> None:
    """One text about drunkenness, which is Northshire's alone."""
    world.publish("drink", by="northshire", number="1.9", title="Alcohol", body="Here drunkenness is common.")


def test_what_another_partnership_says_is_not_found(local_drink: None, ask: Ask) -> None:
    found = {place: ask.sections("sozzled", place) for place in ("", "northshire", "eastvale", "southmoor")}

    assert found == {"": [], "northshire": ["drink"], "eastvale": [], "southmoor": []}


def test_whose_text_is_sought_holds_for_meaning_too(local_drink: None, ask: Ask) -> None:
    found = {whose: ask.sections("sozzled", "northshire", whose=whose) for whose in ("", "local", "regional")}
    everyone = ask.sections("sozzled", "southmoor", whose="everyone")

    assert (found, everyone) == ({"": ["drink"], "local": ["drink"], "regional": []}, ["drink"])


@pytest.mark.parametrize(
    ("day", "is_found"),
    [(date(2019, 12, 31), False), (date(2020, 1, 1), True), (date(2022, 5, 31), True), (date(2022, 6, 1), False)],
)
def test_a_text_is_found_on_its_own_days(manual: None, model: Path, ask: Ask, day: date, is_found: bool) -> None:
    world.publish("drink", on=date(2020, 1, 1), number="1.6", body="About drunkenness.")
    world.publish("drink", on=date(2022, 6, 1), number="1.6", body="About something else.")

    assert (ask.sections("sozzled", on=day) == ["drink"]) is is_found


def test_what_the_database_does_not_confirm_is_not_found(
    drink: None, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("sozzled")
    monkeypatch.setattr(keeping_up, "wake", lambda: None)
    world.publish("drink", on=TODAY, number="1.6", title="Alcohol", body="Now another.")

    found = ask("sozzled")

    assert (found.total, found.is_complete) == (0, False)


# --- How vectors are made and kept ------------------------------------------------------------------------------------


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are encoded from here on."""
    texts: list[str] = []
    encode = Model.encode
    monkeypatch.setattr(Model, "encode", lambda self, given: texts.extend(given) or encode(self, given))
    return texts


def test_nothing_is_encoded_twice(drink: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("sozzled")
    before, texts = vectors(), counting(monkeypatch)

    world.publish("drink", on=TODAY, number="1.6", title="Alcohol", body="Where drunkenness is seen, write it down.")
    world.publish("new", number="1.7", title="New", body="Quite new.")
    ask("sozzled")

    assert texts == ["New\nQuite new."]
    assert len(vectors()) == len(before) + 1


def test_another_process_reads_what_has_been_made(drink: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("sozzled")
    monkeypatch.setattr(using, "_loaded", {})
    monkeypatch.setattr(keeping_up, "_learned", {})
    texts = counting(monkeypatch)

    assert ask.sections("intoxication") == ["drink"]
    assert texts == ["meaning", "intoxication"]


def test_what_is_added_while_in_use_is_read(drink: None, ask: Ask) -> None:
    ask("sozzled")
    for place in range(20):
        world.publish(f"boat{place}", number=f"1.{place + 7}", title=f"Boat {place}", body="On a yacht.")
        assert len(ask.sections("mooring")) == min(place + 1, 10)


def test_vectors_of_what_is_gone_are_let_go(drink: None, ask: Ask) -> None:
    ask("sozzled")
    meaning = using.load()
    assert meaning is not None
    meaning.file.add(range(1, 101), np.ones((100, 4), np.float32))
    ask("sozzled")
    before = len(meaning.known)

    keeping_up.learn()

    assert ask.sections("sozzled") == ["drink"]
    assert not vectors() & set(range(1, 101))
    assert len(meaning.known) == len(vectors()) == before - 100


def test_publishing_is_not_kept_waiting_by_vectors(drink: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(3 * PORTION):
        world.publish(f"boat{place}", number=f"1.{place + 7}", title=f"Boat {place}", body="On a yacht.")
    keeping_up.catch_up()
    monkeypatch.setattr(keeping_up, "_is_wanted", True)

    assert (keeping_up.learn(), len(vectors())) == (False, PORTION)
    monkeypatch.setattr(keeping_up, "_is_wanted", False)
    assert (keeping_up.learn(), len(vectors()) > 3 * PORTION) == (True, True)


def test_a_text_is_found_as_soon_as_it_has_its_vector(drink: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in range(PORTION):
        world.publish(f"boat{place}", number=f"1.{place + 7}", title=f"Boat {place}", body=f"On a yacht, {place}.")
    monkeypatch.setattr(keeping_up, "_is_wanted", True)
    before = ask.sections("intoxication"), len(vectors())
    monkeypatch.setattr(keeping_up, "_is_wanted", False)

    keeping_up.learn()

    assert before == ([], PORTION)
    assert ask.sections("intoxication") == ["drink"]


def test_only_one_process_makes_them(drink: None, ask: Ask) -> None:
    keeping_up.catch_up()
    meaning = using.load()
    assert meaning is not None

    with FileLock(meaning.file.path.with_suffix(".lock")):
        found = ask("sozzled")

    assert (found.total, found.awaits_meaning, keeping_up.is_learned(FreshnessStamp.now())) == (0, True, False)


def test_a_page_without_vectors_is_kept_by_nobody(drink: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping_up, "learn", lambda: False)
    before = client.get("/search/?q=sozzled")
    monkeypatch.undo()
    after = client.get("/search/?q=alcohol")

    assert (before.status_code, before.headers["Cache-Control"], "ETag" in before.headers) == (200, "no-store", False)
    assert after.status_code == 200


def test_a_rebuild_makes_them_and_says_so(drink: None, back_end: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_search_index", verbosity=0)

    assert capsys.readouterr().out.endswith("in the search index.\nEvery passage has its vector.\n")
    assert vectors()


# --- What may be broken -----------------------------------------------------------------------------------------------

Damage = Callable[[Path], object]
DAMAGES: dict[str, Damage] = {
    "no file": Path.unlink,
    "an empty file": lambda path: path.write_bytes(b""),
    "half a file": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a file cut within a page": lambda path: os.truncate(path, 5000),
    "another file": lambda path: path.write_bytes(b"not vectors " * 2000),
    "garbage in the middle": lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_broken_vectors_are_made_anew(drink: None, ask: Ask, damage: Damage) -> None:
    assert ask.sections("sozzled") == ["drink"]
    meaning = using.load()
    assert meaning is not None

    damage(meaning.file.path)
    while_broken = ask("alcohol")
    assert keeping_up.learn()

    assert while_broken.total == 1
    assert ask.sections("intoxication") == ["drink"]


def test_where_vectors_cannot_be_written_words_are_found(
    drink: None, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    keeping_up.catch_up()
    meaning = using.load()
    assert meaning is not None
    meaning.file.path.mkdir(parents=True)

    found = [ask("alcohol") for _ in range(3)]

    assert [(one.total, one.awaits_meaning) for one in found] == [(1, True)] * 3
    assert caplog.text.count("Searching without some vectors: they cannot be made.") == 1


def test_with_a_broken_model_words_are_found(
    drink: None, ask: Ask, model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (model / "model.onnx").write_bytes(b"no model")

    found = [ask("alcohol").total, ask("sozzled").total]

    assert found == [1, 0]
    assert caplog.text.count("Searching by words alone. The sentence model in") == 1


def test_another_model_has_vectors_of_its_own(
    drink: None, ask: Ask, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("sozzled")
    monkeypatch.setattr(using, "_loaded", {})
    monkeypatch.setattr(keeping_up, "_learned", {})
    shutil.rmtree(model)
    make_tiny_model(model, subjects=[*SUBJECTS, ("drunkenness", "mooring")][::-1])

    found = ask.sections("mooring")

    assert found == ["drink"]
    assert len(list(using.kept_in().glob("vectors-*.sqlite3"))) == 1


# --- A model as people use it -----------------------------------------------------------------------------------------


def test_minilm_puts_what_means_the_same_side_by_side(tmp_path: Path) -> None:
    model = Model(put_together_minilm(tmp_path / "minilm"))

    smacked, *others = model.encode(["my stepdad smacked me", "physical abuse of a child", "minutes of the meeting"])

    near, far = (float(smacked @ other) for other in others)
    assert model.width == 384
    assert near > 0.3 > far
