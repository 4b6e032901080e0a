"""Signatures that minisign accepts and makes, and time stamps that OpenSSL gives and checks."""

import http.server
import shutil
import subprocess
import threading

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from heritage.archive import signing, stamping
from heritage.archive.signing import KeyTrouble
from heritage.archive.verifying import Trust, verify
from heritage.registry.steps import Refused
from tests.archive.shelf import export

pytestmark = pytest.mark.django_db

EXTENSIONS = """
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa_config]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, **options)


@pytest.fixture
def key(tmp_path):
    """A key pair that minisign made: (secret file, public file)."""
    if shutil.which("minisign") is None:
        pytest.skip("minisign is not installed")
    secret, public = tmp_path / "key", tmp_path / "key.pub"
    run("minisign", "-G", "-W", "-f", "-s", secret, "-p", public)
    return secret, public


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority with a stamping certificate, in a folder."""
    if shutil.which("openssl") is None:
        pytest.skip("OpenSSL is not installed")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "serial").write_text("01")
    (folder / "config").write_text(EXTENSIONS.format(folder=folder))
    new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj")
    run(*new, "/CN=Test authority", "-x509", "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-days", "3650")
    run(*new, "/CN=Test stamping service", "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr")
    signed = ("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", "3650")
    made = ("-extfile", folder / "config", "-extensions", "tsa")
    run("openssl", "x509", "-req", "-in", folder / "tsa.csr", *signed, *made, "-out", folder / "tsa.pem")
    return folder


@pytest.fixture
def service(authority):
    """The address of a stamping service on this machine."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = authority / "asked.tsq"
            asked.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            signer = ("-inkey", authority / "tsa.key", "-signer", authority / "tsa.pem")
            config = ("-config", authority / "config", "-section", "tsa_config")
            run("openssl", "ts", "-reply", "-queryfile", asked, *signer, *config, "-out", authority / "given.tsr")
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((authority / "given.tsr").read_bytes())

        def log_message(self, *_words):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def signed(demo, db, settings, key, tmp_path):
    settings.ARCHIVE_KEY = str(key[0])
    return export(tmp_path / "bag", site=False)


SEALED = "tagmanifest-sha512.txt"


def test_minisign_accepts_the_signature_of_a_bag(signed, key):
    said = run("minisign", "-V", "-p", key[1], "-m", signed / SEALED).stdout.decode()

    assert "Signature and comment signature verified" in said
    assert "level public ledger" in said


def test_minisign_and_the_verification_refuse_a_bag_that_was_made_anew(signed, key):
    (signed / SEALED).write_text((signed / SEALED).read_text().upper())

    assert subprocess.run(["minisign", "-V", "-p", key[1], "-m", signed / SEALED], capture_output=True).returncode == 1
    assert not verify(signed, Trust(str(key[1]))).valid


def test_a_signature_of_minisign_is_accepted_here(key, tmp_path):
    (tmp_path / "file").write_text("content")
    run("minisign", "-S", "-s", key[0], "-m", tmp_path / "file", "-t", "made by minisign")

    said = signing.check(tmp_path / "file", (tmp_path / "file.minisig").read_bytes(), str(key[1]))
    assert said == "made by minisign"
    (tmp_path / "file").write_text("other")
    with pytest.raises(KeyTrouble, match="does not fit"):
        signing.check(tmp_path / "file", (tmp_path / "file.minisig").read_bytes(), str(key[1]))


def test_the_trusted_comment_cannot_be_changed(signed, key):
    path = signed / f"{SEALED}.minisig"
    path.write_text(path.read_text().replace("level public", "level full"))

    assert verify(signed, Trust(str(key[1]))).faults.as_list()[0]["kind"] == "signature"


def test_a_bag_is_verified_with_the_key_in_a_line_or_a_file_and_its_signature_is_always_the_same(signed, key, tmp_path):
    line = key[1].read_text().splitlines()[1]

    assert verify(signed, Trust(line)).signed_by.endswith(" level public ledger " + verify(signed).head)
    again = export(tmp_path / "again", site=False)
    assert (again / f"{SEALED}.minisig").read_bytes() == (signed / f"{SEALED}.minisig").read_bytes()


def test_a_bag_that_is_not_signed_or_by_another_key_is_refused_where_a_key_is_asked_for(signed, tmp_path):
    run("minisign", "-G", "-W", "-f", "-s", tmp_path / "other", "-p", tmp_path / "other.pub")
    with pytest.raises(CommandError, match="It was signed with the key"):
        call_command("verify_archive", signed, key=str(tmp_path / "other.pub"))
    (signed / f"{SEALED}.minisig").unlink()
    with pytest.raises(CommandError, match="The bag is not signed"):
        call_command("verify_archive", signed, key=str(tmp_path / "other.pub"))


@pytest.mark.parametrize("content", ["", "untrusted comment: x\nno base64", "untrusted comment: x\nRWQ="])
def test_a_signing_key_that_cannot_be_used_stops_the_export_before_it_begins(demo, settings, tmp_path, content):
    (tmp_path / "key").write_text(content)
    settings.ARCHIVE_KEY = str(tmp_path / "key")

    with pytest.raises(Refused):
        export(tmp_path / "bag")
    assert not (tmp_path / "bag").exists()


def test_the_public_key_is_on_the_page_about_the_register(signed, key, client, settings):
    line = key[1].read_text().splitlines()[1]

    assert line in client.get(reverse("about")).content.decode()
    settings.ARCHIVE_KEY = ""
    assert line not in client.get(reverse("about")).content.decode()


def test_a_time_stamp_is_asked_for_and_openssl_accepts_it(demo, settings, service, authority, tmp_path):
    settings.TIMESTAMP_URL = service
    bag = export(tmp_path / "bag", site=False)

    stamp = bag / f"{SEALED}.tsr"
    said = run("openssl", "ts", "-verify", "-in", stamp, "-data", bag / SEALED, "-CAfile", authority / "ca.pem")
    assert b"Verification: OK" in said.stdout + said.stderr
    assert verify(bag, Trust(authority=str(authority / "ca.pem"))).valid


def test_a_time_stamp_of_something_else_is_refused(demo, settings, service, authority, tmp_path):
    settings.TIMESTAMP_URL = service
    bag = export(tmp_path / "bag", site=False)
    other = tmp_path / "other"
    other.write_text("other")
    (bag / f"{SEALED}.tsr").write_bytes(stamping.stamp(other, service))

    assert "The time stamp is of something else" in verify(bag).faults.as_list()[0]["fault"]
    (bag / f"{SEALED}.tsr").write_bytes(b"no stamp")
    assert "refused" in verify(bag).faults.as_list()[0]["fault"]
    (bag / f"{SEALED}.tsr").unlink()
    assert "has no time stamp" in verify(bag, Trust(authority="x")).faults.as_list()[0]["fault"]


def test_a_stamping_service_that_does_not_answer_leaves_no_bag(demo, settings, tmp_path):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    with pytest.raises(Refused, match="does not answer"):
        export(tmp_path / "bag", site=False)
    settings.TIMESTAMP_URL = "file:///etc/passwd"
    with pytest.raises(Refused, match="no address with http"):
        export(tmp_path / "bag", site=False)
    assert not (tmp_path / "bag").exists()
