"""A file that a command writes is whole or not there, stands where a link points, and passes through a pipe."""

import errno
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import click
import pytest

from app.cli.exporting import refuse_twice, write_content, written
from app.reports.exports import write_xlsx
from tests.builders.scorecards import CALENDAR, a_document

NOW = datetime(2026, 10, 16, tzinfo=UTC)


def refused(file: Path) -> str:
    with pytest.raises(click.ClickException) as error:
        write_content(b"new", file)
    return error.value.message


def half_write(file: Path, failure: BaseException) -> None:
    with written(file) as unfinished:
        unfinished.write_bytes(b"half")
        raise failure


def test_a_new_file_is_what_the_umask_leaves_and_nothing_else_stays_in_its_folder(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()

    write_content(b"new", tmp_path / "q.csv")

    assert sorted(file.name for file in tmp_path.iterdir()) == ["plain", "q.csv"]
    assert (tmp_path / "q.csv").read_bytes() == b"new"
    assert (tmp_path / "q.csv").stat().st_mode == plain.stat().st_mode


def test_a_link_stays_a_link_and_the_file_behind_it_keeps_its_mode(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared.csv", tmp_path / "q.csv"
    shared.write_bytes(b"old")
    shared.chmod(0o640)
    link.symlink_to(shared.name)

    write_content(b"new", link)

    assert (link.is_symlink(), shared.read_bytes(), stat.S_IMODE(shared.stat().st_mode)) == (True, b"new", 0o640)


def test_a_file_of_the_users_that_is_called_like_an_unfinished_one_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "q.csv.part"
    mine.write_bytes(b"mine")

    write_content(b"new", tmp_path / "q.csv")

    assert mine.read_bytes() == b"mine"


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), ValueError()])
def test_whatever_fails_leaves_the_file_of_before_and_no_other(tmp_path: Path, failure: BaseException) -> None:
    file = tmp_path / "q.csv"
    file.write_bytes(b"old")

    with pytest.raises((click.ClickException, type(failure))):
        half_write(file, failure)

    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("q.csv", b"old")]


def test_a_pipe_is_written_to_also_with_a_workbook(tmp_path: Path) -> None:
    pipe, whole, came = tmp_path / "pipe", tmp_path / "q.xlsx", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: came.append(pipe.read_bytes()))
    reader.start()
    write_xlsx([a_document()], CALENDAR, whole, frozen_at=NOW)

    write_content(whole.read_bytes(), pipe)
    reader.join()

    assert came == [whole.read_bytes()]
    assert pipe.is_fifo()


def test_a_device_is_written_to_and_stays_one_and_a_full_one_is_told_in_a_sentence() -> None:
    write_content(b"new", Path("/dev/null"))

    assert Path("/dev/null").is_char_device()
    assert refused(Path("/dev/full")) == "/dev/full: there is no room left on the disk."


def test_an_open_file_is_written_to_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    with file.open("wb") as opened:
        write_content(b"new", Path(f"/dev/fd/{opened.fileno()}"))
        assert os.fstat(opened.fileno()).st_ino == file.stat().st_ino

    assert file.read_bytes() == b"new"


def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked.csv"
    locked.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # what root never hears
    lost, endless = tmp_path / "no" / "q.csv", tmp_path / ("q" * 300)

    assert refused(lost) == f"{lost}: there is no folder {tmp_path / 'no'}."
    assert refused(locked / "q.csv") == f"{locked / 'q.csv'}: there is no folder {locked}."
    assert refused(locked) == f"{locked}: you may not write there."
    assert refused(endless) == f"{endless} cannot be written: {os.strerror(errno.ENAMETOOLONG)}"
    assert [file.name for file in tmp_path.iterdir()] == ["locked.csv"]


def test_two_options_may_share_a_device_and_no_file(tmp_path: Path) -> None:
    file, link = tmp_path / "q", tmp_path / "link"
    link.symlink_to(file)

    refuse_twice([Path("/dev/null"), None, Path("/dev/null"), file])
    with pytest.raises(click.UsageError, match="link is named twice: give each option a file of its own"):
        refuse_twice([file, link])
