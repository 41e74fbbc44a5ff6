"""A device that holds a passkey and counts nothing, as those do that are synchronised between devices."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT_AND_VERIFIED = 0x05
KEY_TYPE, ALGORITHM, CURVE, X, Y = 1, 3, -1, -2, -3  # RFC 9053, sections 2.1 and 7.1
EC2, ES256, P_256 = 2, -7, 1


class Device:
    """One passkey for one site."""

    def __init__(self, host: str, origin: str, credential_id: bytes) -> None:
        self.host, self.origin, self.credential_id = host, origin, credential_id
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> bytes:
        """Return it as a server stores it: a COSE key."""
        point = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32) for number in (point.x, point.y))
        return encode_cbor({KEY_TYPE: EC2, ALGORITHM: ES256, CURVE: P_256, X: x, Y: y})

    def sign(self, options: str) -> str:
        """Return what a browser sends when it was asked with these options."""
        asked: dict[str, Any] = json.loads(options)
        told = {"type": "webauthn.get", "challenge": asked["challenge"], "origin": self.origin}
        client = json.dumps(told).encode()
        device = hashlib.sha256(self.host.encode()).digest() + bytes([PRESENT_AND_VERIFIED]) + bytes(4)
        signature = self._key.sign(device + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        name = bytes_to_base64url(self.credential_id)
        answer = {"clientDataJSON": client, "authenticatorData": device, "signature": signature}
        response = {key: bytes_to_base64url(value) for key, value in answer.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
