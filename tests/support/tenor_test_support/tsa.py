"""A time stamp authority: `openssl ts` behind HTTP, with a root and certificates of its own."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Self

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps import DummyTimeStamper

_DAY: Final = timedelta(days=1)
_CONFIGURATION: Final = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/{signer}.pem
signer_key = {folder}/{signer}.key
certs = {folder}/{root}.pem
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = {digests}
signer_digest = sha256
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Answer:
    """What the authority says over HTTP; ``body`` in pieces, as they are sent."""

    body: Iterable[bytes]
    status: int = 200
    headers: Mapping[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/timestamp-reply"}
    )


class TimeStampAuthority:
    """Stamps on a free port of loopback; as a context manager it runs for the length of the block.

    Attributes:
        answer: what is done with a request; by default ``stamp``, and a test may put anything in its place.
        requests: what was asked so far.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.requests: list[bytes] = []
        self.answer: Callable[[bytes], Answer] = lambda request: Answer([self.stamp(request)])
        self.certify("root")
        self.certify("signer", by="root")

    def __enter__(self) -> Self:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                authority.requests.append(request)
                said = authority.answer(request)
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in said.body:
                        self.wfile.write(piece)
                except OSError:
                    return  # whoever asked has heard enough

            def log_message(self, *_: object) -> None:
                """Nothing: tests read what came of it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}/tsr"

    @property
    def roots(self) -> str:
        """Its root certificate, in PEM form."""
        return (self._folder / "root.pem").read_text("ascii")

    def stamp(
        self, request: bytes, *, signer: str = "signer", root: str = "root", digests: str = "sha256"
    ) -> bytes:
        """What `openssl ts` replies to a request.

        Args:
            signer, root: names that ``certify`` was given; the root's certificate is sent along.
            digests: that it takes; a request with another is refused.
        """
        words = {"folder": self._folder, "signer": signer, "root": root, "digests": digests}
        with self._lock:  # its file of serial numbers has no lock of its own
            (self._folder / "tsa.cnf").write_text(_CONFIGURATION.format(**words), "utf-8")
            (self._folder / "request").write_bytes(request)
            self._openssl("-reply", "-config", "tsa.cnf", "-queryfile", "request", "-out", "reply")
            return (self._folder / "reply").read_bytes()

    def stamp_anyway(self, request: bytes, *, signer: str) -> bytes:
        """As ``stamp``, with a certificate with which `openssl ts` refuses to sign; by pyHanko."""
        certificate = load_cert_from_pemder(str(self._folder / f"{signer}.pem"))
        key = load_private_key_from_pemder(str(self._folder / f"{signer}.key"), None)
        answer = DummyTimeStamper(certificate, key).request_tsa_response(
            tsp.TimeStampReq.load(request)
        )
        content: bytes = answer.dump()
        return content

    def request_for(self, digest: str) -> bytes:
        """Another request for the same digest, with a nonce of its own."""
        return self._openssl("-query", "-digest", digest, "-sha256", "-cert")

    def _openssl(self, *words: str) -> bytes:
        command = ["openssl", "ts", *words]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        return done.stdout

    def certify(
        self,
        name: str,
        *,
        by: str = "",
        for_time: bool = True,
        certifies: bool = False,
        until: datetime | None = None,
    ) -> None:
        """Make a key and its certificate.

        Args:
            name: of both, by which ``stamp`` takes them.
            by: whose key signs it; empty: its own, for a root.
            for_time: whether it is one for time stamps, and says so critically.
            certifies: whether it signs further ones; a root does anyhow.
            until: when it ends; by default tomorrow.
        """
        key = rsa.generate_private_key(65537, 2048)
        until = until or datetime.now(UTC) + _DAY  # noqa: TID251 -- certificates are valid by the real clock
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by or name)])
        made = (
            x509.CertificateBuilder(issuer, subject, key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - 30 * _DAY)
            .not_valid_after(until)
            .add_extension(
                x509.BasicConstraints(ca=certifies or not by, path_length=None), critical=True
            )
        )
        if by and for_time and not certifies:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            made = made.add_extension(usage, critical=True)
        certificate = made.sign(self._key(by) if by else key, hashes.SHA256())
        pem = serialization.Encoding.PEM
        (self._folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
        plain = serialization.NoEncryption()
        (self._folder / f"{name}.key").write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        )

    def _key(self, name: str) -> rsa.RSAPrivateKey:
        content = (self._folder / f"{name}.key").read_bytes()
        key = serialization.load_pem_private_key(content, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key
