"""Images that are elsewhere: a server on this machine with every kind of bad answer, and addresses that are never asked."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import Command

from jsonl_lint import check
from jsonl_lint.addresses import refusal
from jsonl_lint.report import Report
from jsonl_lint.rules.img import samples
from jsonl_lint.urls import Limits, fetch_all

PNG = base64.b64decode(samples.PNG_RGB)
GREY = base64.b64decode(samples.PNG_GREY)
GIF = base64.b64decode(samples.GIF)


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    asked: ClassVar[Counter[str]] = Counter()
    headers_seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        """One answer."""
        type(self).asked[self.path] += 1
        type(self).headers_seen.append(dict(self.headers))
        name = self.path.strip("/").split("?")[0]
        answer = getattr(self, f"answer_{name.replace('-', '_')}", None)
        if answer is None:
            self.send(404, b"not here")
        else:
            answer()

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_good(self) -> None:
        self.send(200, PNG)

    def answer_grey(self) -> None:
        self.send(200, GREY)

    def answer_gif(self) -> None:
        self.send(200, GIF)

    def answer_html(self) -> None:
        self.send(200, b"<html>Log in</html>", **{"Content-Type": "image/png"})

    def answer_empty(self) -> None:
        self.send(200, b"")

    def answer_cut(self) -> None:
        self.send(200, PNG[:-20])

    def answer_forbidden(self) -> None:
        self.send(403, b"")

    def answer_error(self) -> None:
        self.send(500, b"")

    def answer_moved(self) -> None:
        self.send(302, b"", Location="/good")

    def answer_loop(self) -> None:
        self.send(302, b"", Location="/loop")

    def answer_to_file(self) -> None:
        self.send(302, b"", Location="file:///etc/passwd")

    def answer_to_ftp(self) -> None:
        self.send(302, b"", Location="ftp://example.com/a.png")

    def answer_nowhere(self) -> None:
        self.send(302, b"", Location="")

    def answer_large(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(300):
                self.wfile.write(b"\0" * 65536)
        except OSError:
            pass

    def answer_short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(PNG)

    def answer_silent(self) -> None:
        time.sleep(3)

    def answer_dripping(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(30):
                self.wfile.write(b"\0")
                time.sleep(0.1)
        except OSError:
            pass

    def answer_garbage(self) -> None:
        self.wfile.write(b"\x00\x01\x02 this is no HTTP\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


class Server(ThreadingHTTPServer):
    """A server that does not speak of clients that go away."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing is said."""


@pytest.fixture
def base() -> Iterator[str]:
    """The address of a running server."""
    Handler.asked.clear()
    Handler.headers_seen.clear()
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def checked(*urls: str, **options: Any) -> Report:
    """The report of a file with one line for each URL."""
    lines = b"".join(json.dumps(samples.example(url)).encode() + b"\n" for url in urls)
    options = {
        "check_urls": True,
        "allow_private": True,
        "no_tokens": True,
        "ignore": ["ENC", "FIL", "DST", "ROW"],
        **options,
    }
    return check(lines, **options)


def unfetched(report: Report) -> list[int]:
    """How many images were not looked at; that their tokens are not known is another matter."""
    return [item.count for item in report.unchecked if item.what == "image"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("grey", "grey"),
        ("gif", "GIF"),
        ("html", "no known image"),
        ("empty", "empty"),
        ("cut", "cut off"),
        ("missing", "404"),
        ("forbidden", "403"),
        ("error", "500"),
        ("loop", "redirects more than"),
        ("to-file", "not http or https"),
        ("to-ftp", "not http or https"),
        ("nowhere", "redirects more than"),
        ("large", "more than 10,485,760 bytes"),
        ("short", ""),
        ("garbage", ""),
    ],
)
def test_bad_answer_is_a_finding(base: str, path: str, words: str) -> None:
    """One finding, at the URL, that says why."""
    report = checked(f"{base}/{path}")
    assert [finding.code for finding in report.findings] == ["IMG012"]
    (finding,) = report.findings
    assert words in finding.message
    assert finding.pointer == "/messages/0/content/0/image_url/url"
    assert finding.line == 1
    assert unfetched(report) == []


@pytest.mark.parametrize("path", ["good", "moved", "good?size=2"])
def test_good_answer_is_none(base: str, path: str) -> None:
    """An image that is as it must be, also behind a redirect."""
    report = checked(f"{base}/{path}")
    assert report.findings == []
    assert report.ok


def test_each_is_fetched_once_and_named_at_each_place(base: str) -> None:
    """However often an image stands in the data."""
    report = checked(f"{base}/grey", f"{base}/good", f"{base}/grey", max_findings=1)
    assert Handler.asked == {"/grey": 1, "/good": 1}
    assert report.counts.by_code == {"IMG012": 2}
    assert [finding.line for finding in report.findings] == [1]


def test_nothing_of_the_user_is_sent(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials of the URL, no cookies, no proxy of the environment."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert checked(base.replace("http://", "http://ann:secret@") + "/good").ok
    (headers,) = Handler.headers_seen
    assert not {"authorization", "cookie", "referer"} & {key.lower() for key in headers}


@pytest.mark.parametrize("path", ["silent", "dripping"])
def test_slow_answers_come_to_an_end(base: str, path: str) -> None:
    """The time is bound for the whole of a fetch, not for each byte."""
    url = f"{base}/{path}"
    assert "within 0.5 seconds" in str(fetch_all([url], Limits(1000, seconds=0.5, allow_private=True))[url].why)


def test_private_addresses_are_not_asked(base: str) -> None:
    """However they are spelled, also by name and behind a redirect."""
    port = base.rsplit(":", 1)[1]
    hosts = ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0x7f000001"]
    urls = [f"http://{host}:{port}/good" for host in hosts]
    report = checked(*urls, allow_private=False)
    assert report.counts.by_code == {"IMG012": len(urls)}
    assert Handler.asked == {}


def test_without_the_option_nothing_is_asked(base: str) -> None:
    """Images that are elsewhere are counted, and that is all."""
    report = checked(f"{base}/good", f"{base}/missing", check_urls=False)
    assert Handler.asked == {}
    assert report.findings == []
    assert unfetched(report) == [2]


def test_ignored_rule_leaves_them_unchecked(base: str) -> None:
    """What was not fetched is said, also where the rule is ignored."""
    report = checked(f"{base}/missing", ignore=["IMG012", "ENC", "FIL", "DST", "ROW"])
    assert Handler.asked == {}
    assert unfetched(report) == [1]


def test_it_works_inside_a_running_loop(base: str) -> None:
    """As in a notebook."""
    import asyncio

    async def inside() -> Report:
        return checked(f"{base}/good")

    assert asyncio.run(inside()).ok


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:192.168.1.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "not an address",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    """Loopback, link-local, private, reserved, multicast, and those that lead to one of them."""
    assert refusal(address) is not None


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    """Those of the public internet."""
    assert refusal(address) is None


def test_the_command_has_the_option(command: Command, tmp_path: Path) -> None:
    """An address that is not public is refused, and the exit code says so."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(json.dumps(samples.example("http://127.0.0.1:1/a.png")).encode() + b"\n")
    done = command("check", path, "--check-urls", "--select", "IMG", "--format", "concise")
    assert done.returncode == 1
    assert b"IMG012" in done.stdout
    assert b"--allow-private" in done.stdout


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for it without the library is told what to install."""
    from jsonl_lint.errors import UsageError

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=re.escape("jsonl-lint[urls]")):
        checked("https://example.com/a.png")
