"""The primitives: deriving keys, sealing bodies, opening them. No table, no session, no policy.

AES-256-GCM with random 96-bit nonces (NIST SP 800-38D); HKDF-SHA256 (RFC 5869) for keys from keys;
Argon2id (RFC 9106) for keys from passphrases is in `hashing`. A key seals few enough messages
(far below 2**32) for random nonces to be safe.
"""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.records.failures import RecordDamaged

KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 16

#: A sealed body has one of these sizes (bytes, before encryption), so that its length says little;
#: above the last, it is a multiple of it.
SIZE_CLASSES = (256, 1024, 4096, 16384, 65536)
_LENGTH_BYTES = 4


def random_key() -> bytes:
    """A new 256-bit key."""
    return os.urandom(KEY_BYTES)


def random_id() -> bytes:
    """A new 128-bit id that says nothing about what it names or when."""
    return os.urandom(ID_BYTES)


def derive(secret: bytes, purpose: str, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """A key for one purpose from a secret that is already strong (HKDF-SHA256)."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=b"resguardo:" + purpose.encode())
    return kdf.derive(secret)


def joined(*parts: bytes) -> bytes:
    """Parts that can't run into each other, whatever their lengths."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


def keyed_hash(key: bytes, *parts: str) -> bytes:
    """HMAC-SHA256 over parts that can't run into each other."""
    return hmac.digest(key, joined(*(part.encode() for part in parts)), sha256)


def padded(body: bytes) -> bytes:
    """The body with its length before it, filled up to a size class."""
    whole = len(body).to_bytes(_LENGTH_BYTES, "big") + body
    largest = SIZE_CLASSES[-1]
    size = next((size for size in SIZE_CLASSES if len(whole) <= size), -(-len(whole) // largest) * largest)
    return whole.ljust(size, b"\0")


def unpadded(whole: bytes) -> bytes:
    """The body that was padded."""
    length = int.from_bytes(whole[:_LENGTH_BYTES], "big")
    return whole[_LENGTH_BYTES : _LENGTH_BYTES + length]


def seal(key: bytes, body: bytes, bound_to: bytes) -> bytes:
    """Encrypt a body so that it opens only with this key and only where it is bound to."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, body, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Open what `seal` closed. Raises RecordDamaged when key, bytes or binding differ."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as damage:
        raise RecordDamaged from damage
