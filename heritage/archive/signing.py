"""Signatures in the format of minisign: Ed25519 over the BLAKE2b hash of a file. No Django.

Source: the minisign manual, “Signature format” and “Secret key format”; RFC 8032; RFC 7693.
"""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_SIZE, PUBLIC_SIZE, SIGNATURE_SIZE = 158, 42, 74


class KeyTrouble(Exception):
    """A key or signature that cannot be used, and why."""


@dataclass(frozen=True)
class SecretKey:
    """An Ed25519 key with its number of 8 bytes."""

    number: bytes
    seed: bytes

    @cached_property
    def private(self):
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self):
        """Return the public key as minisign writes it: one line of base64."""
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(b"Ed" + self.number + raw).decode()

    def sign(self, path, comment):
        """Return the content of the signature file for ``path``; ``comment`` is signed with it."""
        signature = self.private.sign(hashed(path))
        whole = self.private.sign(signature + comment.encode())
        lines = [
            "untrusted comment: signature of a deposit of a heritage register",
            base64.b64encode(b"ED" + self.number + signature).decode(),
            f"trusted comment: {comment}",
            base64.b64encode(whole).decode(),
        ]
        return ("\n".join(lines) + "\n").encode()


def secret_key(path):
    """Return the key in the file ``path``, made by ``minisign -G -W``. Raises: KeyTrouble."""
    try:
        raw = decoded(Path(path).read_text(encoding="utf-8").splitlines()[1], SECRET_SIZE)
    except (OSError, IndexError, UnicodeDecodeError) as trouble:
        raise KeyTrouble(f"The signing key {path} cannot be read: {trouble}.") from trouble
    algorithm, derivation = raw[:2], raw[2:4]
    if algorithm != b"Ed":
        raise KeyTrouble(f"{path} is no signing key of minisign.")
    if derivation != b"\0\0":
        raise KeyTrouble(f"The signing key {path} has a password. Make one without for this server: minisign -G -W.")
    number, seed = raw[54:62], raw[62:94]
    return SecretKey(number, seed)


def public_key_at(path):
    """Return the public key, a line, that belongs to the secret key in the file ``path``; empty where there is none."""
    try:
        return secret_key(path).public if path else ""
    except KeyTrouble:
        return ""


def public_key(text):
    """Return (number, key) of a public key: its line of base64, or the path of its file. Raises: KeyTrouble."""
    line = text.strip()
    if len(line) != 56:
        try:
            line = Path(text).read_text(encoding="utf-8").splitlines()[-1].strip()
        except (OSError, IndexError, UnicodeDecodeError) as trouble:
            raise KeyTrouble(
                f"“{text[:100]}” is neither a public key of minisign nor a file that has one."
            ) from trouble
    raw = decoded(line, PUBLIC_SIZE)
    if raw[:2] != b"Ed":
        raise KeyTrouble("It is no public key of minisign.")
    return raw[2:10], Ed25519PublicKey.from_public_bytes(raw[10:])


def check(path, signature, key):
    """Return what the signature file's content ``signature`` says of ``path``: its trusted comment. Raises: KeyTrouble."""
    number, public = public_key(key)
    try:
        _untrusted, first, trusted, second, *_rest = signature.decode().splitlines()
    except ValueError as broken:
        raise KeyTrouble("The signature is not one of minisign.") from broken
    raw, comment = decoded(first, SIGNATURE_SIZE), trusted.removeprefix("trusted comment: ")
    if raw[:2] != b"ED":
        raise KeyTrouble("The signature is of a kind that this program does not know.")
    if raw[2:10] != number:
        raise KeyTrouble(f"It was signed with the key {shown(raw[2:10])}, not with {shown(number)}.")
    try:
        public.verify(raw[10:], hashed(path))
        public.verify(decoded(second, 64), raw[10:] + comment.encode())
    except InvalidSignature as wrong:
        raise KeyTrouble("The signature does not fit: it is of something else.") from wrong
    return comment


def hashed(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=64)).digest()


def decoded(line, size):
    try:
        raw = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise KeyTrouble("It is not written in base64.") from broken
    if len(raw) != size:
        raise KeyTrouble(f"It has {len(raw)} bytes, {size} were expected.")
    return raw


def shown(number):
    """Return a key's number as minisign prints it."""
    return f"{struct.unpack('<Q', number)[0]:016X}"
