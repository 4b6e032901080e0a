"""Time stamps by a stamping service, which proves that a file was there at a time. Source: RFC 3161. No Django."""

import hashlib
import shutil
import subprocess
import urllib.request

SHA512 = bytes.fromhex("0609608648016503040203")  #: its object identifier in DER
LONGEST = 1_000_000  #: bytes of an answer
SECONDS = 30
GRANTED = (0, 1)


class StampTrouble(Exception):
    """A time stamp that was not given or does not fit, and why."""


def der(tag, *parts):
    """Return one DER value. Source: ITU-T X.690."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def query(digest):
    """Return the TimeStampReq for a SHA-512 ``digest`` that asks for the service's certificate too."""
    imprint = der(0x30, der(0x30, SHA512, b"\x05\0"), der(0x04, digest))
    return der(0x30, b"\x02\x01\x01", imprint, b"\x01\x01\xff")


def stamp(path, service):
    """Return the answer of the stamping ``service`` (its address) for the file ``path``. Raises: StampTrouble."""
    if not service.startswith(("http://", "https://")):
        raise StampTrouble(f"The stamping service “{service}” has no address with http or https.")
    digest = sha512(path)
    headers = {"Content-Type": "application/timestamp-query"}
    asked = urllib.request.Request(service, query(digest), headers)  # noqa: S310 checked above
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
            content = answer.read(LONGEST)
    except OSError as trouble:
        raise StampTrouble(f"The stamping service {service} does not answer: {trouble}.") from trouble
    check(path, content)
    return content


def check(path, content):
    """Raise StampTrouble unless the answer ``content`` grants a stamp for the file ``path``. Who gave it is not checked."""
    if status(content) not in GRANTED:
        raise StampTrouble("The stamping service refused.")
    if sha512(path) not in content:
        raise StampTrouble("The time stamp is of something else.")


def status(content):
    """Return the PKIStatus of a TimeStampResp; -1 where it is none."""
    try:
        tag, place = content[0], header(content, 0)
        inner, status_place = content[place], header(content, place)
        number = content[status_place], content[status_place + 1]
        return content[status_place + 2] if (tag, inner, *number) == (0x30, 0x30, 0x02, 1) else -1
    except IndexError:
        return -1


def header(content, place):
    """Return where the body of the DER value at ``place`` begins."""
    size = content[place + 1]
    return place + 2 + (size & 0x7F if size & 0x80 else 0)


def check_signer(path, stamp_file, authority):
    """Let OpenSSL check that the stamp was signed under the certificate ``authority`` (a file). Raises: StampTrouble."""
    program = shutil.which("openssl")
    if program is None:
        raise StampTrouble("OpenSSL is not installed, which checks who stamped.")
    command = [program, "ts", "-verify", "-in", stamp_file, "-data", path, "-CAfile", authority]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)  # noqa: S603 fixed arguments, no shell
    if done.returncode:
        raise StampTrouble(f"OpenSSL does not accept the time stamp: {done.stderr.strip()[:300]}")


def sha512(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha512").digest()
