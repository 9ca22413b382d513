"""Certificates that an endpoint should not have: for TLS that must fail, and one for TLS that must not."""

from __future__ import annotations

import os
import ssl
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sync.endpoints import _dialing
from tests.endpoint_server import certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AUTHORITY = """
[ca]
default_ca = made
[made]
database = {directory}/index
serial = {directory}/serial
new_certs_dir = {directory}
default_md = sha256
policy = any
[any]
commonName = supplied
[here]
subjectAltName = IP:127.0.0.1
"""


def expired(directory: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine that was valid in the first month of 2020."""
    (directory / "index").touch()
    (directory / "serial").write_text("01\n", encoding="ascii")
    (directory / "ca.cnf").write_text(_AUTHORITY.format(directory=directory), encoding="utf-8")
    made, key, asked = (directory / name for name in ("old.pem", "old-key.pem", "asked.pem"))
    _openssl(
        "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", asked, "-subj", "/CN=test"
    )
    sign = ("ca", "-batch", "-notext", "-selfsign", "-config", directory / "ca.cnf", "-extensions", "here")
    dates = ("-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
    _openssl(*sign, *dates, "-keyfile", key, "-in", asked, "-out", made)
    return made, key


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def server_side(files: tuple[Path, Path]) -> ssl.SSLContext:
    """Return what a server with this certificate and key speaks TLS by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


@contextmanager
def trusted(made: Path) -> Iterator[None]:
    """Trust this certificate while the block lasts, as OpenSSL lets everybody do it."""
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(made)
    _dialing._context.cache_clear()
    try:
        yield
    finally:
        del os.environ["SSL_CERT_FILE"]
        if before is not None:
            os.environ["SSL_CERT_FILE"] = before
        _dialing._context.cache_clear()


@contextmanager
def speaking_tls(directory: Path) -> Iterator[ssl.SSLContext]:
    """Make a certificate for this machine and trust it while the block lasts."""
    files = certificate(directory)
    with trusted(files[0]):
        yield server_side(files)
