"""A packed bag that somebody sent is unpacked only if every member is one plain file inside, and says what is wrong else."""

import io
import shutil
import stat
import tarfile
import tempfile
import zipfile
from collections import namedtuple

import pytest

from heritage.archive import packing
from heritage.archive.bag import Bag
from heritage.archive.packing import Unpackable, pack, unpacked


@pytest.fixture
def folder(tmp_path):
    with Bag(tmp_path / "bag") as bag:
        bag.put("README.txt", b"Read me.")
        bag.finish([("Heritage-Level", "public")])
    return tmp_path / "bag"


def refusal(path):
    with pytest.raises(Unpackable) as refused, unpacked(path):
        pass
    return str(refused.value)


def added_to_tar(folder, name, kind=tarfile.REGTYPE, content=b"x"):
    pack(folder, out := folder.with_suffix(".tar"))
    with tarfile.open(out, "a") as packed:
        member = tarfile.TarInfo(name)
        member.type, member.size, member.linkname = kind, len(content), "bag/bagit.txt"
        packed.addfile(member, io.BytesIO(content))
    return out


def added_to_zip(folder, name, mode=stat.S_IFREG):
    pack(folder, out := folder.with_suffix(".zip"))
    with zipfile.ZipFile(out, "a") as packed:
        member = zipfile.ZipInfo(name)
        member.create_system, member.external_attr = 3, (mode | 0o644) << 16
        packed.writestr(member, "x")
    return out


@pytest.mark.parametrize("ending", [".tar", ".zip"])
def test_what_was_packed_is_unpacked_as_it_was(folder, ending):
    pack(folder, out := folder.with_suffix(ending))

    with unpacked(out) as there:
        assert (there / "data" / "README.txt").read_bytes() == b"Read me."
        assert there.name == "bag"
    assert not there.exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(folder, kind):
    assert "“bag/data/x” in it is a link or no ordinary file" in refusal(added_to_tar(folder, "bag/data/x", kind, b""))


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_refused(folder, mode):
    assert "“bag/data/x” in it is a link or no ordinary file" in refusal(added_to_zip(folder, "bag/data/x", mode))


@pytest.mark.parametrize("name", ["/etc/x", "../x", "bag/../../x", "bag\\..\\..\\x", "bag//x", "x", "./bag/x"])
@pytest.mark.parametrize("added", [added_to_tar, added_to_zip])
def test_a_name_that_leads_outside_is_refused(folder, added, name):
    assert "does not lie in the bag's folder" in refusal(added(folder, name))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("added", [added_to_tar, added_to_zip])
def test_a_name_that_is_there_twice_is_refused(folder, added):
    assert refusal(added(folder, "bag/data/README.txt")) == "“bag/data/README.txt” is in it twice"


@pytest.mark.parametrize("name", ["bag/bagit.txt/x", f"bag/{'x' * 300}", f"bag/{'d/' * 3000}x"])
def test_a_name_that_no_disk_takes_is_told(folder, name):
    assert "cut off or not what its name says" in refusal(added_to_tar(folder, name))


@pytest.mark.parametrize("added", [added_to_tar, added_to_zip])
def test_a_second_folder_is_refused(folder, added):
    assert refusal(added(folder, "other/bagit.txt")) == "it does not hold exactly one folder"


def test_what_is_not_there_or_packed_otherwise_is_told_with_the_remedy(folder, tmp_path):
    assert refusal(tmp_path / "nothing") == "there is no such folder or file"
    shutil.make_archive(str(tmp_path / "bag"), "gztar", tmp_path, "bag")
    assert "unpack it and name the folder that holds bagit.txt" in refusal(tmp_path / "bag.tar.gz")


def test_where_the_system_has_no_room_it_is_unpacked_beside_itself(folder, monkeypatch):
    pack(folder, out := folder.with_suffix(".tar"))
    small, large = namedtuple("usage", "free")(100), shutil.disk_usage(folder)
    usual = tempfile.gettempdir()
    monkeypatch.setattr(packing.shutil, "disk_usage", lambda place: small if str(place) == usual else large)

    with unpacked(out) as there:
        assert there.parent.parent == folder.parent
        assert there.parent.name.startswith(".bag-")
    assert sorted(path.name for path in folder.parent.iterdir()) == ["bag", "bag.tar"]


@pytest.mark.parametrize("ending", [".tar", ".zip"])
@pytest.mark.parametrize("kept", [0, 1, 100, 600, -1])
def test_a_packed_bag_that_is_cut_off_anywhere_is_told(folder, ending, kept):
    pack(folder, out := folder.with_suffix(ending))
    content = out.read_bytes()
    end = content.rindex(b"PK\5\6") if ending == ".zip" else content.index(b"\0" * 1024) + 100
    out.write_bytes(content[:kept] if kept >= 0 else content[:end])

    assert "it " in refusal(out)
