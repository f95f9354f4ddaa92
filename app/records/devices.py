"""Browsers that opened a vault before: a random mark, and a proof that only this vault's own key can make or check.

So nothing outside the vault tells which vault a browser opened, and after a re-keying none of them is known any more.
"""

import hmac

from app.records.crypto import derive, keyed_hash, random_id
from app.records.vault import Vault

_PROOF_HEX = 32


def new_device(vault: Vault) -> str:
    """What a browser shows from now on as having opened this vault."""
    mark = random_id().hex()
    return f"{mark}.{_proof(vault, mark)}"


def has_opened(vault: Vault, device: str) -> bool:
    """Whether a browser that shows this opened this very vault, and not another of the same pseudonym."""
    mark, _, proof = device.partition(".")
    return hmac.compare_digest(proof.encode(), _proof(vault, mark).encode())


def _proof(vault: Vault, mark: str) -> str:
    return keyed_hash(derive(vault.data_key, "known devices"), mark).hex()[:_PROOF_HEX]
