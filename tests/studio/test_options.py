"""What is chosen for a build is checked before any work begins."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from needs import studio

from renderer.errors import StudioError
from renderer.package.manifest import Consent
from renderer.studio.options import BuildOptions, consent_from, id_of, seconds_from

pytestmark = studio


@pytest.mark.parametrize("variant", ["hd", "721p", "720", "20p", "9000p"])
def test_a_variant_that_makes_no_sense_is_refused(variant: str) -> None:
    with pytest.raises(StudioError, match=variant):
        BuildOptions(consent=Consent(kind="synthetic"), variants=(variant,))


def test_no_minutes_and_no_variants_are_refused() -> None:
    with pytest.raises(StudioError, match="more than 0"):
        BuildOptions(consent=Consent(kind="synthetic"), minutes=0)
    with pytest.raises(StudioError, match="at least one"):
        BuildOptions(consent=Consent(kind="synthetic"), variants=())
    with pytest.raises(StudioError, match="kind 'film'"):
        BuildOptions(consent=Consent(kind="synthetic"), kind="film")


def test_consent_is_a_word_or_the_fingerprint_of_a_document(tmp_path: Path) -> None:
    paper = tmp_path / "signed.pdf"
    paper.write_bytes(b"I agree.")
    assert consent_from("own-face") == Consent(kind="own-face")
    assert consent_from("synthetic") == Consent(kind="synthetic")
    noted = consent_from(str(paper))
    assert (noted.kind, noted.document) == ("document", "signed.pdf")
    assert noted.sha256 == hashlib.sha256(b"I agree.").hexdigest()
    with pytest.raises(StudioError, match="neither own-face nor synthetic nor a file"):
        consent_from("yes")
    (tmp_path / "empty.pdf").touch()
    with pytest.raises(StudioError, match="is empty"):
        consent_from(str(tmp_path / "empty.pdf"))


def test_moments_of_rest_are_seconds_between_commas() -> None:
    assert seconds_from("0.4") == (0.4,)
    assert seconds_from("0.4, 12") == (0.4, 12.0)
    for text in ("", "soon", "1,,2", "-1", "inf"):
        with pytest.raises(StudioError, match=r"such as 0\.4 or 0\.4,1\.2"):
            seconds_from(text)


def test_the_id_comes_from_the_target() -> None:
    assert id_of(Path("out/Anna Maria.avatar")) == "anna-maria"
    with pytest.raises(StudioError, match=r"ends in \.avatar"):
        id_of(Path("anna.zip"))
    with pytest.raises(StudioError, match="Latin letters"):
        id_of(Path("安娜.avatar"))
