"""`avatar check` names every planted fault at its place, and nothing where nothing is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from faults import FAULTS, Fault, named
from needs import studio
from spoilt_pictures import without
from takes import Take, milo, write_take
from typer.testing import CliRunner

from renderer.cli import build_app
from renderer.errors import StudioError
from renderer.studio.check.check import check_footage
from renderer.studio.check.container import judge_matte
from renderer.studio.check.findings import Finding
from renderer.studio.check.hearing import judge_sound
from renderer.studio.check.kinds import KINDS
from renderer.studio.check.looking import Look, look
from renderer.studio.check.page import page_of
from renderer.studio.check.report import CheckReport
from renderer.studio.check.rules import RULES
from renderer.studio.check.sound import listen
from renderer.studio.faces import find_faces
from renderer.studio.footage import probe
from renderer.studio.progress import BuildProgress
from renderer.studio.work import WorkFolder

pytestmark = studio

SECONDS = 7.0
IN_PICTURES = ("cut out", "frozen", "shakes", "focus", "covered", "turned", "at once", "4.5 s", "15 frames")
SEEN = [fault for fault in FAULTS if any(words in fault.name for words in IN_PICTURES)]
"""What is quick to plant and of every kind; `python tests/studio/faults.py` goes through all."""

HEARD = [fault for fault in FAULTS if fault.is_heard and fault.rule != "sound"]


@pytest.fixture(scope="module")
def take() -> Take:
    """Seven seconds of Milo, listening and speaking."""
    return milo(SECONDS)


@pytest.fixture(scope="module")
def film(take: Take, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    return write_take(tmp_path_factory.mktemp("films") / "milo.mp4", take)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the check keeps what a build can take over."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def report(film: Path, work: Path) -> CheckReport:
    """What is said of it as a trial take."""
    return check_footage(film, is_trial=True, work=work)


@pytest.fixture(scope="module")
def seen(film: Path) -> Look:
    """What was noted about its pictures."""
    return look(probe(film), lambda _: None)


def test_nothing_fails_where_nothing_is_wrong(report: CheckReport) -> None:
    found = {finding.rule: finding for finding in report.findings if finding.status in ("fail", "warn")}
    # the film is made small, so that the test is quick
    assert set(found) == {"near"}, found
    assert report.status == "warn"
    assert report.builds is None
    assert [round(span.seconds) for span in report.usable] == [round(SECONDS)]


def test_every_rule_is_judged_or_said_to_be_untold(report: CheckReport) -> None:
    judged = {finding.rule for finding in report.findings}
    not_here = {"spill", "clothes", "matte"}
    assert judged | not_here == {key for key, rule in RULES.items() if not rule.is_formal}


@pytest.mark.parametrize("fault", SEEN, ids=lambda fault: str(fault.name))
def test_a_fault_of_the_picture_is_named_at_its_place(fault: Fault, take: Take, tmp_path: Path) -> None:
    spoilt = check_footage(write_take(tmp_path / "spoilt.mp4", fault.plant(take)), is_trial=True)
    assert named(fault, spoilt), [finding for finding in spoilt.findings if finding.status != "pass"]


@pytest.mark.parametrize("fault", HEARD, ids=lambda fault: str(fault.name))
def test_a_fault_of_the_sound_is_named_at_its_place(
    fault: Fault, take: Take, seen: Look, report: CheckReport, tmp_path: Path
) -> None:
    # the pictures are the same, so that they need not be looked at again
    spoilt = fault.plant(take)
    path = write_take(tmp_path / "spoilt.mp4", Take(spoilt.pictures[:2], spoilt.sound))
    *_, heard = listen(path, seen.first)
    findings = judge_sound(seen, heard, KINDS["studio"])
    found: Finding = next(finding for finding in findings if finding.rule == fault.rule)
    assert found.status == "fail", found
    if fault.where is not None:
        assert all(fault.where[0] <= span.start and span.end <= fault.where[1] for span in found.spans)
    usual = {finding.rule: finding.status for finding in report.findings}
    others = [f for f in findings if f.status == "fail" and f.rule != fault.rule and usual[f.rule] == "pass"]
    assert not others


def test_the_kind_decides_whether_sound_is_needed(seen: Look) -> None:
    status = {name: judge_sound(seen, None, kind)[0].status for name, kind in KINDS.items()}
    assert status == {"studio": "fail", "instant": "pass", "4k": "fail"}


@pytest.mark.usefixtures("report")
def test_a_build_need_not_look_for_the_face_again(
    film: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("renderer.studio.faces.FaceFinder")
    faces = find_faces(probe(film), WorkFolder(film, work), BuildProgress())
    assert faces.found.all()
    assert len(faces.points) == len(faces.greys) == round(SECONDS * 25)


def test_a_matte_must_fit_the_film(film: Path, take: Take, tmp_path: Path) -> None:
    shorter = write_take(tmp_path / "matte.mp4", Take(take.pictures[:-3], take.sound))
    smaller = write_take(tmp_path / "small.mp4", Take([p[::2, ::2] for p in take.pictures], take.sound))
    assert judge_matte(probe(film), SECONDS, film).status == "pass"
    assert "6.88 s for 7.00" in judge_matte(probe(film), SECONDS, shorter).figure
    assert "320×180 for 640×360" in judge_matte(probe(film), SECONDS, smaller).figure


def test_the_page_holds_everything_itself(take: Take, tmp_path: Path) -> None:
    cut = without(take, 4.0, 1.0)
    page = page_of(check_footage(write_take(tmp_path / "a & b.mp4", cut)))
    assert "a &amp; b.mp4" in page
    assert page.count("data:image/jpeg;base64,") >= 2  # before and after the cut
    assert "<svg" in page
    assert not re.search(r'(src|href)="(?!data:)|url\(|@import', page)
    assert len(page) < 1_000_000
    for text in ("R-C10", "R-F1", "the avatar jumps at the same place", "Where the sources contradict"):
        assert text in page


def test_the_command_writes_page_and_json_and_fails_where_a_rule_does(take: Take, tmp_path: Path) -> None:
    film = write_take(tmp_path / "film.mp4", without(take, 4.0, 1.0))
    html, saved = tmp_path / "film.html", tmp_path / "film.json"
    words = ["check", str(film), "--html", str(html), "--json", str(saved)]
    result = CliRunner().invoke(build_app(), words)
    assert result.exit_code == 1, result.output
    assert result.output.index("FAIL") < result.output.index("ok:")
    content = json.loads(saved.read_text())
    assert content["status"] == "fail"
    found = {finding["rule"]: finding for finding in content["findings"]}
    assert found["cut"]["status"] == "fail"
    assert found["cut"]["numbers"] == ["R-C10", "R-F1"]
    assert found["cut"]["spans"][0][0] == pytest.approx(4.0, abs=0.1)
    assert found["duration"]["status"] == "fail"
    assert content["builds"]
    assert html.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["missing.mp4", "text.mp4", "empty.mp4"])
def test_what_is_no_film_gives_one_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name != "missing.mp4":
        path.write_text("no film" if name == "text.mp4" else "")
    with pytest.raises(StudioError, match=name):
        check_footage(path)


def test_a_report_that_cannot_be_written_is_told_before_the_film_is_looked_at(tmp_path: Path) -> None:
    result = CliRunner().invoke(build_app(), ["check", "film.mp4", "--html", str(tmp_path / "no" / "a.html")])
    assert isinstance(result.exception, StudioError)
    assert "no such folder" in str(result.exception)
